package org.libproc4j.freezer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the signals that would end us, or make us stand still ourselves, thaw first.
 *
 * <p>By the JDK's own signal dispatching, {@code sun.misc.Signal}: no code of ours runs in a signal
 * handler. It is called by reflection, because javac cannot be told not to warn of it. Where the
 * JVM runs with {@code -Xrs} some signals cannot be had; those end the JVM, and with it the freeze.
 */
final class SignalWatch implements AutoCloseable {
  private static final List<String> THAWING =
      List.of("INT", "TERM", "HUP", "PIPE", "ALRM", "USR1", "USR2");

  private final Class<?> signalClass;
  private final Class<?> handlerClass;
  private final Method handle;
  private final Method number;
  private final Object ignore;

  /** The handlers that were there, by the signals. */
  private final Map<Object, Object> before = new HashMap<>();

  /**
   * From now on.
   *
   * @param thaw gets the number of one that has come: thaws everything, closes this, and sends it
   *     anew, so that it has its own effect
   */
  SignalWatch(IntConsumer thaw) {
    try {
      signalClass = Class.forName("sun.misc.Signal");
      handlerClass = Class.forName("sun.misc.SignalHandler");
      handle = signalClass.getMethod("handle", signalClass, handlerClass);
      number = signalClass.getMethod("getNumber");
      ignore = Objects.requireNonNull(handlerClass.getField("SIG_IGN").get(null));
      Object handler =
          Proxy.newProxyInstance(
              handlerClass.getClassLoader(),
              new Class<?>[] {handlerClass},
              (proxy, method, arguments) -> answer(proxy, method, arguments, thaw));
      for (String name : THAWING) {
        watch(name, handler);
      }
      watch("TSTP", ignore);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no sun.misc.Signal", e);
    }
  }

  @SuppressWarnings("ReferenceEquality") // as Object has it
  private @Nullable Object answer(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments, IntConsumer thaw)
      throws ReflectiveOperationException {
    return switch (method.getName()) {
      case "handle" -> {
        thaw.accept(
            (int) Objects.requireNonNull(number.invoke(Objects.requireNonNull(arguments)[0])));
        yield null;
      }
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "libproc4j's handler";
    };
  }

  private void watch(String name, Object handler) throws ReflectiveOperationException {
    Object signal = signalClass.getConstructor(String.class).newInstance(name);
    Object old;
    try {
      old = Objects.requireNonNull(handle.invoke(null, signal, handler));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException) {
        return; // -Xrs: its default action ends us, and the kernel or the guardian thaws
      }
      throw e;
    }
    if (old.equals(ignore)) {
      handle.invoke(null, signal, old); // as nohup wants it
    } else {
      before.put(signal, old);
    }
  }

  @Override
  public void close() throws ReflectiveOperationException {
    for (Map.Entry<Object, Object> entry : before.entrySet()) {
      handle.invoke(null, entry.getKey(), entry.getValue());
    }
  }
}
