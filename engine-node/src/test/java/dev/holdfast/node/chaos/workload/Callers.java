package dev.holdfast.node.chaos.workload;

import dev.holdfast.api.ConflictException;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.history.Answer;
import dev.holdfast.node.chaos.history.Asked;
import dev.holdfast.node.chaos.history.Fact;
import dev.holdfast.node.chaos.history.Recorded;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Calls members by HTTP, any of them each time, and records what was asked and answered.
 * Thread-safe.
 */
final class Callers {
  private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(15);
  private static final int NOT_FOUND = 404;
  private static final int OVERLOADED = 429;

  private final List<HttpApi> members;
  private volatile List<HttpApi> balanced;
  private final Recorded recorded;

  /**
   * @param members such as {@code http://127.0.0.1:8080}
   */
  Callers(List<String> members, Recorded recorded) {
    this.members = members.stream().map(http -> new HttpApi(http, ANSWER_WAIT_MAX)).toList();
    this.balanced = this.members;
    this.recorded = recorded;
  }

  /** From now on no new call goes to that member, as by a load balancer that looks at readiness. */
  synchronized void spare(int member) {
    var others = new ArrayList<>(members);
    others.remove(member);
    balanced = List.copyOf(others);
  }

  /** From now on calls go to all members. */
  synchronized void spareNone() {
    balanced = members;
  }

  boolean isSpared(HttpApi member) {
    return !balanced.contains(member);
  }

  /** A call to a thin client. */
  interface ThinCall {
    void run();
  }

  /** One of the members, any that is not spared. */
  HttpApi any() {
    List<HttpApi> here = balanced;
    return here.get(ThreadLocalRandom.current().nextInt(here.size()));
  }

  List<HttpApi> all() {
    return members;
  }

  /**
   * What came of a call.
   *
   * @param isFinal whether asking again would not change it
   * @param nanos how long it took
   */
  record Reply(Answer answer, boolean isFinal, String detail, long nanos) {
    boolean isOk() {
      return answer == Answer.OK;
    }
  }

  /** Asks once, by HTTP, any member. */
  Reply post(Asked asked, String path, Map<String, ?> body) {
    long from = System.nanoTime();
    try {
      HttpApi.Answer answer = any().post(path, body);
      String code = code(answer);
      if (answer.status() == NOT_FOUND && code.equals("execution-not-found")) {
        recorded.add(new Fact.Denied(asked.execution(), from, path));
      }
      boolean isFinal = answer.status() < 500 && answer.status() != OVERLOADED;
      return reply(
          asked, from, meaning(answer.status(), code), isFinal, answer.status() + " " + code);
    } catch (IOException e) {
      return reply(asked, from, Answer.UNKNOWN, false, e.getClass().getSimpleName());
    }
  }

  /** Asks once, by a thin client. */
  Reply thin(Asked asked, ThinCall call) {
    long from = System.nanoTime();
    try {
      call.run();
      return reply(asked, from, Answer.OK, true, "");
    } catch (NotFoundException e) {
      if (e.code().equals("execution-not-found")) {
        recorded.add(new Fact.Denied(asked.execution(), from, "thin client: " + e.getMessage()));
      }
      return reply(asked, from, Answer.REFUSED, true, e.code());
    } catch (ConflictException | InvalidRequestException e) {
      return reply(asked, from, Answer.REFUSED, true, e.code());
    } catch (HoldfastException e) {
      return reply(asked, from, Answer.UNKNOWN, false, "thin client: " + e.code());
    }
  }

  private Reply reply(Asked asked, long from, Answer answer, boolean isFinal, String detail) {
    long now = System.nanoTime();
    recorded.add(new Fact.Call(asked, from, now, answer, detail));
    return new Reply(answer, isFinal, detail, now - from);
  }

  /** Of its refusals a member says by the code whether anything may have come of the call. */
  private static Answer meaning(int status, String code) {
    if (status < 300) {
      return Answer.OK;
    }
    return status < 500 || code.equals("no-quorum") ? Answer.REFUSED : Answer.UNKNOWN;
  }

  private static String code(HttpApi.Answer answer) {
    return answer.body() == null ? "" : answer.json().path("code").asString("");
  }
}
