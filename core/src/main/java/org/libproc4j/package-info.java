/**
 * Processes and threads under control: stop them, wait for the stop with a time limit, learn why it
 * came, and let them go without a trace.
 */
@NullMarked
package org.libproc4j;

import org.jspecify.annotations.NullMarked;
