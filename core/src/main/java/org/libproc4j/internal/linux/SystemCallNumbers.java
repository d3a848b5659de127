package org.libproc4j.internal.linux;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.libproc4j.linux.linux_h;

/**
 * The system calls of this machine, as the C headers number them: the bindings' {@code __NR_}
 * constants are the only table, so that no second one can differ from it.
 */
public final class SystemCallNumbers {
  private static final String PREFIX = "__NR_";

  /** The number of each call, by its name without {@code __NR_}. */
  public static final Map<String, Integer> BY_NAME = Collections.unmodifiableMap(read());

  private SystemCallNumbers() {}

  private static Map<String, Integer> read() {
    Map<String, Integer> numbers = new HashMap<>();
    for (Method constant : linux_h.class.getMethods()) {
      if (constant.getName().startsWith(PREFIX)) {
        numbers.put(constant.getName().substring(PREFIX.length()), value(constant));
      }
    }
    return numbers;
  }

  private static int value(Method constant) {
    try {
      return (int) constant.invoke(null);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError("the bindings are not as jextract makes them: " + constant, e);
    }
  }
}
