package dev.holdfast.journal.blob;

import java.time.Instant;

/**
 * A blob that is kept.
 *
 * @param bytes of its content
 * @param mediaType as it was last uploaded with
 * @param touchedAt when it was last uploaded or begun to be used
 */
public record StoredBlob(BlobKey key, long bytes, String mediaType, Instant touchedAt) {}
