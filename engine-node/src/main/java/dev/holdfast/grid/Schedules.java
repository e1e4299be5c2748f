package dev.holdfast.grid;

import dev.holdfast.api.Page;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.core.ScheduleCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The schedules of a tenant, wherever they are owned. Blocks; for virtual threads. */
public interface Schedules {
  /**
   * A page of them, by name.
   *
   * @param limit how many at most, from 1
   * @param cursor where the page before ended; null: the first page
   * @throws dev.holdfast.journal.StoreException when a member does not answer
   */
  Page<ScheduleView> list(String tenant, int limit, @Nullable String cursor);

  /**
   * All that is wrong with what somebody wants a schedule to be: also that its definition isn't
   * registered, or refuses the input; empty: nothing.
   */
  List<ScheduleCheck.Fault> faults(String tenant, ScheduleSpec spec);
}
