package dev.holdfast.client;

import dev.holdfast.api.ExecutionIds;
import dev.holdfast.api.HistoryEvent;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.client.wire.Request;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * One schedule, for setting it, looking at it and controlling it. Thread-safe. Every call but
 * {@link #set} throws {@link dev.holdfast.api.NotFoundException} when there is no such schedule.
 */
public final class ScheduleHandle {
  private final String name;
  private final Cluster cluster;

  ScheduleHandle(String name, Cluster cluster) {
    this.name = name;
    this.cluster = cluster;
  }

  public String name() {
    return name;
  }

  /**
   * Begins it, or makes it what it is to be from now on; does nothing when it is that already.
   * Durable on return.
   *
   * @throws dev.holdfast.api.InvalidRequestException with everything that is wrong with it
   */
  public ScheduleView set(ScheduleSpec spec) {
    return Stages.await(setAsync(spec));
  }

  /** The asynchronous twin of {@link #set}. */
  public CompletionStage<ScheduleView> setAsync(ScheduleSpec spec) {
    var plain = spec.input(JsonConversion.of(spec.input()));
    return cluster.ask(new Request.SetSchedule(name, plain), new TypeReference<>() {});
  }

  /** How it stands now. */
  public ScheduleView view() {
    return Stages.await(viewAsync());
  }

  /** The asynchronous twin of {@link #view}. */
  public CompletionStage<ScheduleView> viewAsync() {
    return cluster.ask(new Request.GetSchedule(name), new TypeReference<>() {});
  }

  /** Begins nothing until it is resumed; what runs goes on. */
  public void pause(@Nullable String reason) {
    Stages.await(pauseAsync(reason));
  }

  /** The asynchronous twin of {@link #pause}. */
  public CompletionStage<Void> pauseAsync(@Nullable String reason) {
    return turn(ScheduleStatus.PAUSED, reason);
  }

  /** Goes on with the next time; those that came while it was paused are passed over. */
  public void resume(@Nullable String reason) {
    Stages.await(resumeAsync(reason));
  }

  /** The asynchronous twin of {@link #resume}. */
  public CompletionStage<Void> resumeAsync(@Nullable String reason) {
    return turn(ScheduleStatus.ACTIVE, reason);
  }

  /** Ends it; what it had begun goes on. */
  public void delete() {
    Stages.await(deleteAsync());
  }

  /** The asynchronous twin of {@link #delete}. */
  public CompletionStage<Void> deleteAsync() {
    return turn(ScheduleStatus.DELETED, null);
  }

  private CompletionStage<Void> turn(ScheduleStatus to, @Nullable String reason) {
    String command = ExecutionIds.next(InstantSource.system());
    return cluster
        .ask(new Request.SwitchSchedule(name, command, to, reason), new TypeReference<Boolean>() {})
        .thenAccept(changed -> {});
  }

  /** Its events after that number, at most {@code limit} of them, in order. */
  public List<HistoryEvent> history(long after, int limit) {
    return Stages.await(historyAsync(after, limit));
  }

  /** The asynchronous twin of {@link #history}. */
  public CompletionStage<List<HistoryEvent>> historyAsync(long after, int limit) {
    return cluster.ask(
        new Request.GetScheduleHistory(name, after, limit), new TypeReference<>() {});
  }
}
