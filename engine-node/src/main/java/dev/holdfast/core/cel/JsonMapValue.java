package dev.holdfast.core.cel;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.SelectableValue;
import dev.holdfast.api.BlobRef;
import dev.holdfast.core.LargeData;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as CEL sees it, without copying it. CEL's runtime walks every plain map that it
 * meets down to the leaves and has no use for Java's null; a {@link CelValue} it takes as it is, so
 * each level is wrapped when it is looked at.
 */
final class JsonMapValue extends CelValue
    implements Map<String, Object>, SelectableValue<String>, JsonBacked {
  private final Map<String, @Nullable Object> json;
  private final boolean absentIsNull;

  /** Whether it stands for data that is elsewhere: nobody can look inside. */
  private final boolean reference;

  private JsonMapValue(Map<String, @Nullable Object> json, boolean absentIsNull) {
    this.json = json;
    this.absentIsNull = absentIsNull;
    this.reference = BlobRef.isReference(json);
  }

  static JsonMapValue of(Map<String, @Nullable Object> json) {
    return new JsonMapValue(json, false);
  }

  /** Selecting a key that it lacks gives null, for the variables: they are checked beforehand. */
  static JsonMapValue lenient(Map<String, @Nullable Object> json) {
    return new JsonMapValue(json, true);
  }

  private void requireHere(String what) {
    if (reference) {
      throw new CelInvalidArgumentException(what + " can't be read: " + LargeData.unreadable(json));
    }
  }

  @Override
  public @Nullable Object json() {
    return json;
  }

  @Override
  public Object select(String field) {
    requireHere("field '" + field + "'");
    Object found = json.get(field);
    if (found == null && !absentIsNull && !json.containsKey(field)) {
      throw CelAttributeNotFoundException.forMissingMapKey(field);
    }
    return CelValues.toCel(found);
  }

  @Override
  public Optional<Object> find(String field) {
    requireHere("field '" + field + "'");
    return json.containsKey(field)
        ? Optional.of(CelValues.toCel(json.get(field)))
        : Optional.empty();
  }

  /** Null for a key that is absent, never for one whose value is JSON's null. */
  @Override
  public @Nullable Object get(Object key) {
    requireHere("field '" + key + "'");
    Object found = json.get(key);
    return found == null && !json.containsKey(key) ? null : CelValues.toCel(found);
  }

  @Override
  public Object value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return json.isEmpty();
  }

  @Override
  public CelType celType() {
    return MapType.create(SimpleType.STRING, SimpleType.DYN);
  }

  @Override
  public int size() {
    requireHere("its size");
    return json.size();
  }

  @Override
  public boolean isEmpty() {
    requireHere("its size");
    return json.isEmpty();
  }

  @Override
  public boolean containsKey(Object key) {
    requireHere("field '" + key + "'");
    return json.containsKey(key);
  }

  @Override
  public boolean containsValue(Object value) {
    return values().contains(value);
  }

  @Override
  public Set<String> keySet() {
    requireHere("its fields");
    return json.keySet();
  }

  @Override
  public Collection<Object> values() {
    return entrySet().stream().map(Entry::getValue).toList();
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    requireHere("its fields");
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, Object>> iterator() {
        var entries = json.entrySet().iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return entries.hasNext();
          }

          @Override
          public Entry<String, Object> next() {
            var entry = entries.next();
            return new AbstractMap.SimpleImmutableEntry<>(
                entry.getKey(), CelValues.toCel(entry.getValue()));
          }
        };
      }

      @Override
      public int size() {
        return json.size();
      }
    };
  }

  @Override
  public @Nullable Object put(String key, Object value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable Object remove(Object key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(Map<? extends String, ?> entries) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void clear() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof JsonMapValue that && json.equals(that.json));
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  @Override
  public String toString() {
    return JsonText.of(json);
  }
}
