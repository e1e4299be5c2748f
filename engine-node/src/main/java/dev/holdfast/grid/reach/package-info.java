/** What a member offers of the whole cluster: whichever member is asked, the answer is the same. */
@NullMarked
package dev.holdfast.grid.reach;

import org.jspecify.annotations.NullMarked;
