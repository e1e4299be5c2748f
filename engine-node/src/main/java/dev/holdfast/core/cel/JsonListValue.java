package dev.holdfast.core.cel;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON array as CEL sees it, without copying it; see {@link JsonMapValue} for why. */
final class JsonListValue extends CelList implements JsonBacked {
  private final List<@Nullable Object> json;

  JsonListValue(List<@Nullable Object> json) {
    super(
        new AbstractList<>() {
          @Override
          public Object get(int index) {
            return CelValues.toCel(json.get(index));
          }

          @Override
          public int size() {
            return json.size();
          }
        });
    this.json = json;
  }

  @Override
  public @Nullable Object json() {
    return json;
  }

  @Override
  public String toString() {
    return JsonText.of(json);
  }
}
