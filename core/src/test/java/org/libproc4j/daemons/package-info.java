/** Programs that others wrote, stopped again and again under load. Run by hand. */
@NullMarked
package org.libproc4j.daemons;

import org.jspecify.annotations.NullMarked;
