package dev.holdfast.gateway.json;

import dev.holdfast.api.JsonValues;
import dev.holdfast.gateway.problem.Problem;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;

/** Reads bodies into plain values, token by token. */
public final class JsonReader {
  private static final Pattern SOURCE =
      Pattern.compile("\\s*\\(start marker at \\[Source:[^\\]]*\\]\\)");

  private JsonReader() {}

  /**
   * The body's JSON object, immutable.
   *
   * @throws ProblemException when it is no JSON, no object, nested too deep, or holds a name twice
   *     or a number that 64 bits can't hold
   */
  public static Map<String, @Nullable Object> object(byte[] body) {
    try (JsonParser parser = Json.MAPPER.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed(parser.currentTokenLocation(), "a JSON object is expected");
      }
      Map<String, @Nullable Object> read = object(parser);
      if (parser.nextToken() != null) {
        throw malformed(parser.currentTokenLocation(), "the body goes on after its JSON object");
      }
      read.replaceAll((name, value) -> JsonValues.immutable(value));
      return Collections.unmodifiableMap(read);
    } catch (StreamConstraintsException e) {
      throw constraint(e);
    } catch (JacksonException e) {
      throw malformed(e.getLocation(), plain(e));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      if (object.containsKey(name)) {
        throw malformed(parser.currentTokenLocation(), "the name \"" + name + "\" is there twice");
      }
      object.put(name, value(parser));
    }
    return object;
  }

  private static List<@Nullable Object> array(JsonParser parser) {
    var array = new ArrayList<@Nullable Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  private static @Nullable Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      default -> throw new StreamReadException(parser, "a value is expected");
    };
  }

  private static Number integer(JsonParser parser) {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      default ->
          throw malformed(
              parser.currentTokenLocation(), "an integer beyond 64 bits, send it as a string");
    };
  }

  private static ProblemException constraint(StreamConstraintsException e) {
    String message = plain(e);
    if (message.contains("nesting depth")) {
      return new ProblemException(
          ProblemKind.NESTED_TOO_DEEP,
          "values may be nested " + JsonValues.DEPTH_MAX + " levels deep at most");
    }
    return malformed(e.getLocation(), message);
  }

  /** The parser's message without its description of the source. */
  private static String plain(JacksonException e) {
    return SOURCE.matcher(String.valueOf(e.getOriginalMessage())).replaceAll("");
  }

  private static ProblemException malformed(@Nullable TokenStreamLocation at, String message) {
    int line = at == null ? 0 : Math.max(0, at.getLineNr());
    int column = at == null ? 0 : Math.max(0, at.getColumnNr());
    String where = line > 0 ? " at line " + line + ", column " + column : "";
    return new ProblemException(
        new Problem(
            ProblemKind.MALFORMED_JSON,
            message + where,
            List.of(new Problem.Fault(null, line, column, message))));
  }
}
