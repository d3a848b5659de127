/**
 * Tracees, their stops, and the tracer that owns them.
 *
 * <p>Everything that touches a tracee runs on one thread, the tracer ({@link
 * org.libproc4j.internal.ptrace.Engine}). A {@link org.libproc4j.internal.ptrace.Control} brings
 * calls there: at once where the caller is that thread, by a command where it is another.
 */
@NullMarked
package org.libproc4j.internal.ptrace;

import org.jspecify.annotations.NullMarked;
