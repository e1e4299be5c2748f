package dev.holdfast.grid.reach.news;

import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.JournalEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one member its news, in order: whatever has gathered goes as one message, the next once
 * that has arrived. Who adds news is never held up; events are left out, and said to be, when more
 * than {@value #BYTES_MAX} bytes of them wait. Thread-safe.
 */
final class Courier {
  static final int BYTES_MAX = 4 << 20;

  private static final int MESSAGE_EVENTS_MAX = 512;
  private static final long ARRIVES_WITHIN_SECONDS = 10;
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  private final UUID member;
  private final Neighbours neighbours;
  private final BiConsumer<Demand, Integer> unwanted;

  private List<News.Told> events = new ArrayList<>();
  private Set<String> ended = new LinkedHashSet<>();
  private Map<Demand, Integer> work = new HashMap<>();
  private int bytes;
  private boolean missed;
  private boolean sending;

  /**
   * @param unwanted given the work for which nobody waits there any more, and how many tasks
   */
  Courier(UUID member, Neighbours neighbours, BiConsumer<Demand, Integer> unwanted) {
    this.member = member;
    this.neighbours = neighbours;
    this.unwanted = unwanted;
  }

  synchronized void events(JournalEntry.Content content) {
    if (bytes + content.payload().length > BYTES_MAX) {
      missed = true;
      return;
    }
    bytes += content.payload().length;
    events.add(new News.Told(content.key().text(), content.previousHash(), content.payload()));
    send();
  }

  synchronized void ended(String execution) {
    ended.add(execution);
    send();
  }

  synchronized void work(Demand demand, int count) {
    work.merge(demand, count, Integer::sum);
    send();
  }

  private void send() {
    if (!sending) {
      sending = true;
      Thread.ofVirtual().name("holdfast-news").start(this::sendAll);
    }
  }

  private void sendAll() {
    for (News next = next(); next != null; next = next()) {
      try {
        deliver(next);
      } catch (RuntimeException e) {
        LOG.error("news for {} are lost", member, e);
        lost(next);
      }
    }
  }

  private synchronized @Nullable News next() {
    if (events.isEmpty() && ended.isEmpty() && work.isEmpty()) {
      sending = false;
      return null;
    }
    List<News.Told> some = events;
    if (events.size() > MESSAGE_EVENTS_MAX) {
      some = events.subList(0, MESSAGE_EVENTS_MAX);
      events = new ArrayList<>(events.subList(MESSAGE_EVENTS_MAX, events.size()));
    } else {
      events = new ArrayList<>();
    }
    bytes -= some.stream().mapToInt(told -> told.payload().length).sum();
    var waiting = new ArrayList<News.Work>();
    work.forEach((demand, count) -> waiting.add(new News.Work(demand, count)));
    var news = new News(missed, some, List.copyOf(ended), waiting);
    missed = false;
    ended = new LinkedHashSet<>();
    work = new HashMap<>();
    return news;
  }

  private void deliver(News news) {
    try {
      byte[] answer =
          neighbours
              .ask(member, PeerOp.NEWS, Wire.write(news))
              .get(ARRIVES_WITHIN_SECONDS, TimeUnit.SECONDS);
      Set<Demand> refused = Set.copyOf(Wire.read(answer, News.Reply.class).unwanted());
      for (News.Work one : news.work()) {
        if (refused.contains(one.demand())) {
          unwanted.accept(one.demand(), one.count());
        }
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("news for {} are lost", member, e);
      lost(news);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      lost(news);
    }
  }

  private void lost(News news) {
    synchronized (this) {
      missed |= !news.events().isEmpty() || news.missed();
    }
    // Ends need nothing: the member's next list names them still, and they are looked up then.
    news.work().forEach(one -> unwanted.accept(one.demand(), one.count()));
  }
}
