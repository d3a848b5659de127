package org.libproc4j.procfs;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a read of {@code /proc} ends with. That a process vanishes meanwhile, or may not be seen, is
 * an ordinary outcome and no exception.
 *
 * @param <T> the type of the value
 */
public sealed interface ProcResult<T> {
  /**
   * The file was there and could be read.
   *
   * @param <T> the type of the value
   * @param value what it said
   */
  record Present<T>(T value) implements ProcResult<T> {}

  /**
   * The process or thread does not exist, or ended before it was read. Where procfs is mounted with
   * {@code hidepid=2}, the processes of other users look like this too.
   *
   * @param <T> the type of the value that was asked for
   * @param path the file that was asked for
   */
  record Vanished<T>(Path path) implements ProcResult<T> {}

  /**
   * The process or thread exists, and the caller may not read this.
   *
   * @param <T> the type of the value that was asked for
   * @param path the file that was asked for
   * @param reason the kernel's error, in the words of the C library
   */
  record Denied<T>(Path path, String reason) implements ProcResult<T> {}

  /**
   * Whether there is a value.
   *
   * @return true for {@link Present}
   */
  default boolean isPresent() {
    return this instanceof Present;
  }

  /**
   * Whether the process or thread is gone.
   *
   * @return true for {@link Vanished}
   */
  default boolean isVanished() {
    return this instanceof Vanished;
  }

  /**
   * Whether the caller may not read this.
   *
   * @return true for {@link Denied}
   */
  default boolean isDenied() {
    return this instanceof Denied;
  }

  /**
   * The same outcome, with another value where there is one.
   *
   * @param <R> the type of the other value
   * @param function makes the other value
   * @return the outcome with that value
   */
  default <R> ProcResult<R> map(Function<? super T, ? extends R> function) {
    return flatMap(value -> new Present<>(function.apply(value)));
  }

  /**
   * The outcome of a further read where there is a value, else the same outcome.
   *
   * @param <R> the type of the further value
   * @param function reads on
   * @return its outcome
   */
  default <R> ProcResult<R> flatMap(Function<? super T, ProcResult<R>> function) {
    return switch (this) {
      case Present<T>(T value) -> function.apply(value);
      case Vanished<T>(Path path) -> new Vanished<>(path);
      case Denied<T>(Path path, String reason) -> new Denied<>(path, reason);
    };
  }

  /**
   * The value, for who does not care why there is none.
   *
   * @return the value, or empty
   */
  default Optional<T> toOptional() {
    return this instanceof Present<T>(T value) ? Optional.of(value) : Optional.empty();
  }

  /**
   * The value, or another.
   *
   * @param other what to return if there is no value
   * @return the value, or {@code other}
   */
  default T orElse(T other) {
    return this instanceof Present<T>(T value) ? value : other;
  }

  /**
   * The value, for who knows that there is one.
   *
   * @return the value
   * @throws UncheckedIOException with {@link NoSuchFileException} or {@link AccessDeniedException}
   *     as its cause
   */
  default T orElseThrow() {
    return switch (this) {
      case Present<T>(T value) -> value;
      case Vanished<T>(Path path) ->
          throw new UncheckedIOException(new NoSuchFileException(path.toString()));
      case Denied<T>(Path path, String reason) ->
          throw new UncheckedIOException(new AccessDeniedException(path.toString(), null, reason));
    };
  }
}
