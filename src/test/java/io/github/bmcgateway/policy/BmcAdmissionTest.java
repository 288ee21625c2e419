package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcGate.Permit;
import io.github.bmcgateway.target.VendorProfile;
import io.github.bmcgateway.target.VendorProfiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BmcAdmissionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int QUEUE = 6;

  private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
  private final BmcAdmission admission =
      new BmcAdmission(() -> new BmcAdmission.Bounds(2, QUEUE, PATIENCE), time, Runnable::run);
  private final Bmc generic = bmc("10.0.0.1", "generic");
  private final Bmc ami = bmc("10.0.0.2", "asrockrack");

  private static Bmc bmc(String ip, String vendor) {
    VendorProfile profile = VendorProfiles.builtIn().find(Optional.of(vendor)).orElseThrow();
    try {
      return new Bmc(
          new BmcAddress(InetAddress.getByName(ip), 443, Optional.empty()), 443, profile);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private List<CompletableFuture<Permit>> ask(String session, int times) {
    return IntStream.range(0, times).mapToObj(i -> admission.request(generic, session)).toList();
  }

  private static boolean admitted(CompletableFuture<Permit> place) {
    return place.isDone() && !place.isCompletedExceptionally();
  }

  private static void assertBusy(CompletableFuture<Permit> place) {
    assertTrue(place.isDone());
    ExecutionException refused = assertThrows(ExecutionException.class, place::get);
    assertInstanceOf(RejectedExecutionException.class, refused.getCause());
  }

  @Test
  void asManyRunAsTheSettingPermitsAndTheNextComesWhenOneIsOver() {
    List<CompletableFuture<Permit>> places = ask("a", 3);
    assertTrue(admitted(places.get(0)));
    assertTrue(admitted(places.get(1)));
    assertFalse(places.get(2).isDone());
    places.get(1).join().close();
    assertTrue(admitted(places.get(2)));
  }

  @Test
  void theProfilesLimitComesBeforeTheSetting() {
    List<CompletableFuture<Permit>> places =
        IntStream.range(0, 7).mapToObj(i -> admission.request(ami, "a")).toList();
    assertEquals(6, places.stream().filter(BmcAdmissionTest::admitted).count());
  }

  @Test
  void whatIsSaidOfThisBmcComesBeforeItsProfile() {
    Bmc weak = new Bmc(ami.address(), Optional.empty(), Optional.of(1), ami.profile(), true);
    assertTrue(admitted(admission.request(weak, "a")));
    assertFalse(admission.request(weak, "a").isDone());
    assertEquals(
        13, IntStream.range(0, 20).filter(i -> admission.socket(weak).isPresent()).count());
  }

  @Test
  void anotherBmcIsNotHeldUp() {
    ask("a", 4);
    assertTrue(admitted(admission.request(bmc("10.0.0.3", "generic"), "a")));
  }

  @Test
  void aPermitClosedTwiceFreesOnePlace() {
    List<CompletableFuture<Permit>> places = ask("a", 4);
    places.get(0).join().close();
    places.get(0).join().close();
    assertTrue(admitted(places.get(2)));
    assertFalse(places.get(3).isDone());
  }

  @Test
  void sessionsThatWaitTakeTurns() {
    List<String> order = new ArrayList<>();
    List<CompletableFuture<Permit>> running = ask("a", 2);
    for (String session : List.of("a", "a", "a", "b", "c")) {
      var unused =
          admission
              .request(generic, session)
              .thenAccept(
                  permit -> {
                    order.add(session);
                    permit.close();
                  });
    }
    running.get(0).join().close();
    assertEquals(List.of("a", "b", "c", "a", "a"), order);
  }

  @Test
  void whoWaitsTooLongIsToldThatTheBmcIsBusy() {
    CompletableFuture<Permit> waiting = ask("a", 3).get(2);
    time.advance(PATIENCE.minusMillis(1));
    assertFalse(waiting.isDone());
    time.advance(Duration.ofMillis(1));
    assertBusy(waiting);
    assertEquals(0, time.waiting());
  }

  @Test
  void aFullQueueRefusesTheSessionThatFilledIt() {
    List<CompletableFuture<Permit>> places = ask("a", 2 + QUEUE + 1);
    assertFalse(places.get(2 + QUEUE - 1).isDone());
    assertBusy(places.get(2 + QUEUE));
  }

  @Test
  void aFullQueueMakesRoomForASessionWithLess() {
    List<CompletableFuture<Permit>> places = ask("a", 2 + QUEUE);
    CompletableFuture<Permit> other = admission.request(generic, "b");
    assertFalse(other.isDone());
    assertBusy(places.get(2 + QUEUE - 1));
    places.get(0).join().close();
    places.get(1).join().close();
    assertTrue(admitted(other));
  }

  @Test
  void whoIsNoLongerInterestedLeavesTheQueue() {
    List<CompletableFuture<Permit>> places = ask("a", 4);
    places.get(2).cancel(false);
    places.get(0).join().close();
    assertTrue(admitted(places.get(3)));
    assertEquals(0, time.waiting());
  }

  @Test
  void aPermitThatComesTooLateGoesToTheNext() {
    List<Runnable> later = new ArrayList<>();
    BmcAdmission slow =
        new BmcAdmission(() -> new BmcAdmission.Bounds(1, QUEUE, PATIENCE), time, later::add);
    CompletableFuture<Permit> first = slow.request(generic, "a");
    CompletableFuture<Permit> second = slow.request(generic, "a");
    CompletableFuture<Permit> third = slow.request(generic, "a");
    first.join().close();
    second.cancel(false);
    for (int i = 0; i < later.size(); i++) {
      later.get(i).run();
    }
    assertTrue(admitted(third));
    third.join().close();
    assertEquals(0, slow.lanes());
  }

  @Test
  void socketsGetWhatRequestsLeaveOfTheConnections() {
    List<Permit> sockets = new ArrayList<>();
    for (int i = 0; i < 14 - 6; i++) {
      sockets.add(admission.socket(ami).orElseThrow());
    }
    assertTrue(admission.socket(ami).isEmpty());
    assertTrue(admitted(admission.request(ami, "a")));
    sockets.get(0).close();
    sockets.get(0).close();
    assertTrue(admission.socket(ami).isPresent());
    assertTrue(admission.socket(ami).isEmpty());
  }

  @Test
  void streamsOfEventsGetHalfOfThatAndNoSocketsPlaceIsTakenTwice() {
    List<Permit> streams = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      streams.add(admission.stream(ami).orElseThrow());
    }
    assertTrue(admission.stream(ami).isEmpty());
    assertEquals(4, IntStream.range(0, 20).filter(i -> admission.socket(ami).isPresent()).count());
    streams.forEach(Permit::close);
    assertEquals(4, IntStream.range(0, 20).filter(i -> admission.socket(ami).isPresent()).count());
    assertTrue(admission.stream(ami).isEmpty());
    assertEquals(
        2, IntStream.range(0, 20).filter(i -> admission.stream(generic).isPresent()).count());
  }

  @Test
  void nothingIsKeptOfBmcsThatNobodyUses() {
    admission.stream(generic).orElseThrow().close();
    Permit socket = admission.socket(generic).orElseThrow();
    List<CompletableFuture<Permit>> places = ask("a", 4);
    assertEquals(1, admission.lanes());
    places.get(3).cancel(false);
    socket.close();
    for (CompletableFuture<Permit> place : places.subList(0, 3)) {
      place.join().close();
    }
    assertEquals(0, admission.lanes());
  }
}
