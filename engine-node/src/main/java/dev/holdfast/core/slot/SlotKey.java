package dev.holdfast.core.slot;

/**
 * What slots are counted by.
 *
 * @param key the value of the definition's {@code concurrencyKey}
 */
public record SlotKey(String tenant, String definition, String key) {}
