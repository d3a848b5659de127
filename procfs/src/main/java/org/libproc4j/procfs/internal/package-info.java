/**
 * What the tracer and the freezer read again and again: processes, threads and their states, by as
 * few system calls as there can be and without garbage. For the core module alone, which makes the
 * calls.
 */
@NullMarked
package org.libproc4j.procfs.internal;

import org.jspecify.annotations.NullMarked;
