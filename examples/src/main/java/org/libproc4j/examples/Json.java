package org.libproc4j.examples;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.libproc4j.procfs.ByteString;

/**
 * Writes records as JSON, in ASCII whatever the locale: an object for a record, null for an empty
 * optional, and for bytes the text that a terminal shows of them. It is all that the tools need; to
 * read JSON is not.
 */
final class Json {
  private final StringBuilder text = new StringBuilder();

  private Json() {}

  static String of(@Nullable Object value) {
    Json json = new Json();
    json.value(value);
    return json.text.toString();
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> text.append("null");
      case Optional<?> o -> value(o.orElse(null));
      case OptionalInt o -> value(o.isPresent() ? o.getAsInt() : null);
      case OptionalLong o -> value(o.isPresent() ? o.getAsLong() : null);
      case Integer i -> text.append(i);
      case Long l -> text.append(l);
      case Boolean b -> text.append(b);
      case CharSequence s -> string(s);
      case ByteString b -> string(b.toString());
      case Enum<?> e -> string(e.name());
      case Iterable<?> i -> list('[', i, this::value, ']');
      case Record r -> record(r);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private void record(Record r) {
    list(
        '{',
        java.util.List.of(r.getClass().getRecordComponents()),
        component -> {
          string(component.getName());
          text.append(':');
          value(get(r, component));
        },
        '}');
  }

  private static Object get(Record r, RecordComponent component) {
    try {
      return component.getAccessor().invoke(r);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException("unreadable: " + component, e);
    }
  }

  private <T> void list(char begin, Iterable<T> members, Consumer<? super T> write, char end) {
    text.append(begin);
    for (Iterator<T> i = members.iterator(); i.hasNext(); ) {
      write.accept(i.next());
      if (i.hasNext()) {
        text.append(',');
      }
    }
    text.append(end);
  }

  private void string(CharSequence s) {
    text.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c >= ' ' && c <= '~') {
        text.append(c);
      } else {
        text.append("\\u").append(HexFormat.of().toHexDigits(c));
      }
    }
    text.append('"');
  }
}
