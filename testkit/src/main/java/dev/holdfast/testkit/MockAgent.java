package dev.holdfast.testkit;

import dev.holdfast.api.TaskContext;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent made of a function. What it does is changed by its own methods, each of which gives the
 * agent back; a change counts for attempts that begin after it.
 *
 * <p>An exception of the function fails the attempt as it would with the Java client, but for an
 * {@link AssertionError}: that one fails the test.
 */
public final class MockAgent {
  private final Desk desk;
  private final String capability;
  private final Map<String, String> labels;
  private final String worker;
  private final TaskHandler handler;
  private final List<Misstep> first = new ArrayList<>();
  private final List<TaskContext> tasks = new ArrayList<>();
  private @Nullable Misstep always;
  private Duration taking = Duration.ZERO;
  private @Nullable Duration heartbeat;
  private int concurrency = Integer.MAX_VALUE;
  private boolean connected = true;

  MockAgent(
      Desk desk,
      String capability,
      Map<String, String> labels,
      String worker,
      TaskHandler handler) {
    this.desk = desk;
    this.capability = capability;
    this.labels = Map.copyOf(labels);
    this.worker = worker;
    this.handler = handler;
  }

  /**
   * Each attempt takes so long, from its hand-over to its result. Longer than the task's {@code
   * timeout} means that it times out, and longer than its {@code heartbeat} that its lease is lost,
   * unless the agent is {@link #heartbeating}.
   */
  public MockAgent taking(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("an attempt can't take less than no time: " + time);
    }
    taking = time;
    return this;
  }

  /** The next so many attempts of each task fail, with errors of the type {@code mock-failure}. */
  public MockAgent failing(int attempts) {
    return failing(attempts, "mock-failure");
  }

  /**
   * The next so many attempts of each task fail. Counted from the task's first attempt; what is
   * said after that counts for the attempts that follow: {@code failing(2, "busy").silent(1)}.
   *
   * @param type of the error, what {@code retry.nonRetryable} names
   */
  public MockAgent failing(int attempts, String type) {
    return add(attempts, failure(type));
  }

  /** So many attempts of each task are taken and never answered, as {@link #failing(int)} says. */
  public MockAgent silent(int attempts) {
    return add(attempts, new Misstep.Silence());
  }

  /** Every attempt fails, after those that were said to do something else. */
  public MockAgent alwaysFailing(String type) {
    always = failure(type);
    return this;
  }

  /** Every attempt is taken and never answered, after those that were said to do otherwise. */
  public MockAgent neverAnswering() {
    always = new Misstep.Silence();
    return this;
  }

  /** It is well again: every attempt from now on is answered. */
  public MockAgent answering() {
    first.clear();
    always = null;
    return this;
  }

  private static Misstep failure(String type) {
    return new Misstep.Failure(new TaskError(type, "the mock agent was told to fail"), true);
  }

  private MockAgent add(int attempts, Misstep misstep) {
    first.addAll(Collections.nCopies(attempts, misstep));
    return this;
  }

  /** While it works, and while it is silent, a heartbeat comes from it so often. */
  public MockAgent heartbeating(Duration every) {
    if (!every.isPositive()) {
      throw new IllegalArgumentException("a time between heartbeats is above nothing: " + every);
    }
    heartbeat = every;
    return this;
  }

  /** It takes so many tasks at once at most; without this, any number. */
  public MockAgent concurrency(int tasksMax) {
    if (tasksMax < 1) {
      throw new IllegalArgumentException("an agent takes one task at least, not " + tasksMax);
    }
    concurrency = tasksMax;
    return this;
  }

  /** It is gone: the attempts that it has lose their leases, and it takes no tasks. */
  public MockAgent disconnect() {
    connected = false;
    desk.leases().loseAllOf(this);
    return this;
  }

  /** It is there again. */
  public MockAgent connect() {
    connected = true;
    desk.planMatch();
    return this;
  }

  /** The capability that tasks are routed to it by. */
  public String capability() {
    return capability;
  }

  /** The labels that it carries. */
  public Map<String, String> labels() {
    return labels;
  }

  /** The name that its attempts have in states and histories. */
  public String worker() {
    return worker;
  }

  /** How many attempts it was given. */
  public int calls() {
    return tasks.size();
  }

  /** The attempts that it was given, oldest first. */
  public List<TaskContext> tasks() {
    return List.copyOf(tasks);
  }

  /** What it was given as input, oldest first. */
  public List<@Nullable Object> inputs() {
    var inputs = new ArrayList<@Nullable Object>();
    tasks.forEach(task -> inputs.add(task.input()));
    return Collections.unmodifiableList(inputs);
  }

  void given(TaskContext task) {
    tasks.add(task);
  }

  TaskHandler handler() {
    return handler;
  }

  /** What it does instead of answering; null: it answers. */
  @Nullable Misstep misstep(int attempt) {
    return attempt <= first.size() ? first.get(attempt - 1) : always;
  }

  Duration taking() {
    return taking;
  }

  @Nullable Duration heartbeat() {
    return heartbeat;
  }

  boolean isConnected() {
    return connected;
  }

  int concurrency() {
    return concurrency;
  }

  @Override
  public String toString() {
    return labels.isEmpty() ? capability : capability + " " + labels;
  }
}
