package dev.holdfast.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A registered definition.
 *
 * @param version from 1, without gaps within the name
 * @param digest SHA-256 of the content in canonical form, hex
 * @param mediaType {@code application/yaml} or {@code application/json}
 * @param source the text as it was registered; null in lists
 */
public record DefinitionView(
    String name,
    int version,
    String digest,
    String mediaType,
    Instant registeredAt,
    @Nullable String source) {}
