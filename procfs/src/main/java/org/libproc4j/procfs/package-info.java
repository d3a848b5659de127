/**
 * Typed readers of {@code /proc}: {@link org.libproc4j.procfs.ProcFs} reads a file of a process or
 * a thread, a pure parser turns its bytes into a record, and {@link
 * org.libproc4j.procfs.ProcResult} tells a value from a process that vanished and from one that may
 * not be seen.
 */
@NullMarked
package org.libproc4j.procfs;

import org.jspecify.annotations.NullMarked;
