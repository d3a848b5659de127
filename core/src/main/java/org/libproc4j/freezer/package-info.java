/**
 * Stops a whole machine for a moment, and never leaves it stuck.
 *
 * <p>{@link org.libproc4j.freezer.Freezer#machine()} says what is to be frozen and how, {@link
 * org.libproc4j.freezer.Frozen} holds it. "The machine" is the {@code /proc} that the freezer is
 * given: all processes of this JVM's PID namespace but the JVM itself, the namespace's pid 1,
 * kernel threads and what has ended.
 */
@NullMarked
package org.libproc4j.freezer;

import org.jspecify.annotations.NullMarked;
