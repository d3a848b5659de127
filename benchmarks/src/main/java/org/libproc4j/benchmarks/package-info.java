/** Measurements of libproc4j: side by side with a C program, and of single promises. */
@NullMarked
package org.libproc4j.benchmarks;

import org.jspecify.annotations.NullMarked;
