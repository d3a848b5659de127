/**
 * One Java method per C function, and the few structures that they fill.
 *
 * <p>The rule of this package: a call that C would report as "−1 and errno" returns {@code −errno}.
 * EINTR is <em>surfaced</em> by every call that may block for long ({@code waitid}, {@code ppoll}),
 * because a wake-up is delivered as exactly that; every other call either cannot be interrupted or
 * is retried here, and says so.
 */
@NullMarked
package org.libproc4j.internal.linux;

import org.jspecify.annotations.NullMarked;
