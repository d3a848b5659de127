/**
 * How tests start programs, and see what became of them.
 *
 * <p>{@link org.libproc4j.testing.Target} starts one of the small C programs of {@code src/test/c}
 * and watches it; {@link org.libproc4j.testing.Leaks} watches the test's own JVM. Both read {@code
 * /proc} by themselves and use nothing that is under test.
 */
@NullMarked
package org.libproc4j.testing;

import org.jspecify.annotations.NullMarked;
