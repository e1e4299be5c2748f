package dev.holdfast.gateway.stream;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Event;
import dev.holdfast.gateway.json.EventJson;
import dev.holdfast.gateway.json.Json;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.EventFeed;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution's events, from any position on: history first, then live, without a gap or a
 * repeat. It listens before it reads the history; where what it hears does not join on to what it
 * sent, or something may have been missed since the execution's owner changed, it reads the store
 * again, which has every event that is durable; and now and then anyway.
 */
final class ExecutionStream {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutionStream.class);
  private static final int PENDING_MAX = 256;
  private static final int PAGE = 200;

  private final Engine engine;
  private final ExecutionKey key;
  private final SseWriter out;
  private final CompletableFuture<Void> closing;
  private final BlockingQueue<HistoryItem> pending = new ArrayBlockingQueue<>(PENDING_MAX);
  private final AtomicBoolean missed = new AtomicBoolean();
  private long sentSeq;
  private boolean ended;

  ExecutionStream(
      Engine engine,
      ExecutionKey key,
      long afterSeq,
      SseWriter out,
      CompletableFuture<Void> closing) {
    this.engine = engine;
    this.key = key;
    this.sentSeq = afterSeq;
    this.out = out;
    this.closing = closing;
  }

  /** Sends events until the execution has ended, the reader is gone or the gateway closes. */
  void run() throws IOException, InterruptedException {
    try (var _ = engine.events().subscribe(key.tenant(), key, new Ear())) {
      catchUp();
      int quietSeconds = 0;
      while (!ended && !closing.isDone()) {
        HistoryItem next = pending.poll(1, TimeUnit.SECONDS);
        if (missed.getAndSet(false)) {
          catchUp();
        }
        if (next != null) {
          send(next);
          quietSeconds = 0;
        } else if (++quietSeconds % EventRoutes.SIGN_OF_LIFE_SECONDS == 0) {
          out.signOfLife();
          catchUp();
        }
      }
    }
  }

  /** Hears of events, from threads that may not wait for the reader. */
  private final class Ear implements EventFeed.Listener {
    @Override
    public void onEvent(ExecutionKey from, HistoryItem item) {
      if (!pending.offer(item)) {
        missed.set(true);
      }
    }

    @Override
    public void onMissed() {
      missed.set(true);
    }
  }

  private void send(HistoryItem next) throws IOException {
    if (next.seq() > sentSeq + 1) {
      catchUp();
    }
    if (next.seq() == sentSeq + 1) {
      write(next);
    }
    if (pending.isEmpty()) {
      out.flush();
    }
  }

  private void catchUp() throws IOException {
    try {
      sendHistory();
    } catch (StoreException e) {
      LOG.debug("the history of {} can't be read now, it is tried again", key, e);
      missed.set(true);
    }
  }

  private void sendHistory() throws IOException {
    List<HistoryItem> page;
    do {
      page = engine.records().history(key, sentSeq, PAGE);
      for (HistoryItem item : page) {
        write(item);
      }
      out.flush();
    } while (page.size() == PAGE);
  }

  private void write(HistoryItem item) throws IOException {
    out.event(
        Long.toString(item.seq()),
        EventJson.type(item.event()),
        Json.write(json -> EventJson.write(json, key, item)));
    sentSeq = item.seq();
    ended = isEnd(item.event());
  }

  private static boolean isEnd(Event event) {
    return switch (event) {
      case Event.ExecutionCompleted ignored -> true;
      case Event.ExecutionFailed ignored -> true;
      case Event.ExecutionCancelled ignored -> true;
      case Event.ExecutionTimedOut ignored -> true;
      case Event.ExecutionStarted ignored -> false;
      case Event.ExecutionPaused ignored -> false;
      case Event.ExecutionResumed ignored -> false;
      case Event.ExecutionRetried ignored -> false;
      case Event.PauseRequested ignored -> false;
      case Event.CancelRequested ignored -> false;
      case Event.TaskReadied ignored -> false;
      case Event.TaskStarted ignored -> false;
      case Event.TaskCompleted ignored -> false;
      case Event.TaskRequeued ignored -> false;
      case Event.TaskRetryScheduled ignored -> false;
      case Event.TaskFailed ignored -> false;
      case Event.TaskSkipped ignored -> false;
      case Event.TaskCancelled ignored -> false;
      case Event.AttemptFailed ignored -> false;
      case Event.VariablesSet ignored -> false;
      case Event.DecisionTaken ignored -> false;
      case Event.TaskExpanded ignored -> false;
      case Event.TaskGathered ignored -> false;
      case Event.TasksSpawned ignored -> false;
      case Event.TaskDelayed ignored -> false;
      case Event.SignalAwaited ignored -> false;
      case Event.SignalReceived ignored -> false;
      case Event.SignalTaken ignored -> false;
      case Event.ApprovalRequested ignored -> false;
      case Event.ApprovalDecided ignored -> false;
      case Event.TaskPassed ignored -> false;
      case Event.SlotAwaited ignored -> false;
      case Event.SlotGranted ignored -> false;
      case Event.StateGrewLarge ignored -> false;
      case Event.HookBegan ignored -> false;
      case Event.CompensationBegan ignored -> false;
      case Event.TeardownBegan ignored -> false;
      case Event.ChildStarted ignored -> false;
      case Event.ChildPaused ignored -> false;
      case Event.OfSchedule ignored -> false;
    };
  }
}
