package dev.holdfast.journal;

import java.time.Instant;

/**
 * A registered definition as it was written.
 *
 * @param version from 1, without gaps within the name
 * @param digest SHA-256 of the content in canonical form, hex
 * @param mediaType {@code application/yaml} or {@code application/json}
 */
public record StoredDefinition(
    String tenant,
    String name,
    int version,
    String digest,
    String mediaType,
    String source,
    Instant registeredAt) {}
