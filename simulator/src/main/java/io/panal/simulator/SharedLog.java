package io.panal.simulator;

import io.panal.core.codec.Codec;
import io.panal.core.manager.ManagerEvent;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.Stored;
import io.panal.core.store.Batch;
import io.panal.core.store.Change;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// The replicated log as its users see it: one leader per term, entries committed by a majority, applied by all in
/// order.
///
/// What a leader proposed just before it lost the lead may or may not be committed by the next one, before anything
/// else.
final class SharedLog {
    private static final Duration PULSE = Duration.ofMillis(100);

    private final World world;
    private final Ether ether;
    private final Laws laws = new Laws();
    private final List<ManagerSeat> voters = new ArrayList<>();
    private final List<byte[]> entries = new ArrayList<>();
    private final List<Long> digests = new ArrayList<>();
    private final List<Proposal> open = new ArrayList<>();
    private View view = View.EMPTY;
    private Optional<ManagerSeat> leader = Optional.empty();
    private Optional<Instant> vacantFrom = Optional.empty();
    private long term;
    private boolean isCalm = true;

    private record Proposal(ManagerSeat by, int life, long term, long number, Batch changes) {}

    SharedLog(World world, Ether ether) {
        this.world = world;
        this.ether = ether;
    }

    void start() {
        world.after(PULSE, this::pulse);
    }

    /// In calm times the first manager in order is elected, and the log never hesitates.
    void calm(boolean isSo) {
        isCalm = isSo;
    }

    /// The newest committed state.
    View view() {
        return view;
    }

    int length() {
        return entries.size();
    }

    byte[] entry(int index) {
        return entries.get(index);
    }

    /// @throws BrokenLaw when a manager's state after an entry is not that of the others
    void compare(ManagerSeat seat, int index, long digest) {
        if (digests.get(index) != digest) {
            throw new BrokenLaw("equal views at equal index: %s differs at %d".formatted(seat.machine(), index));
        }
    }

    /// A digest of what an entry changed, upon that of all before it.
    static long digest(long former, Batch batch, View after) {
        long digest = former;
        for (Change change : batch.changes()) {
            int hash = switch (change) {
                case Change.Put(Stored<?> object) ->
                    after.find(Kind.of(object).name(), object.id().value()).hashCode();
                case Change.Delete(String kind, String id) ->
                    after.find(kind, id).hashCode();
            };
            digest = digest * 31 + hash;
        }
        return digest * 31 + after.version();
    }

    Optional<ManagerSeat> leader() {
        return leader;
    }

    void join(ManagerSeat seat) {
        voters.add(seat);
        tellMembers();
    }

    void remove(Id<Node> node) {
        voters.removeIf(seat -> seat.machine().id().equals(node));
        tellMembers();
    }

    /// Begins anew with one voter, and with what that one has of the log.
    void beginAnew(ManagerSeat survivor) {
        leader.ifPresent(ManagerSeat::deposed);
        leader = Optional.empty();
        open.clear();
        voters.clear();
        voters.add(survivor);
        entries.subList(survivor.index(), entries.size()).clear();
        digests.subList(survivor.index(), digests.size()).clear();
        view = survivor.view();
        tellMembers();
    }

    private void tellMembers() {
        NavigableSet<Id<Node>> members = new TreeSet<>();
        voters.forEach(seat -> members.add(seat.machine().id()));
        voters.stream()
                .filter(seat -> seat.machine().isUp())
                .forEach(seat -> seat.hear(new ManagerEvent.MembersChanged(members)));
    }

    NavigableSet<Id<Node>> members() {
        NavigableSet<Id<Node>> members = new TreeSet<>();
        voters.forEach(seat -> members.add(seat.machine().id()));
        return members;
    }

    void propose(ManagerSeat by, long inTerm, long number, Batch changes) {
        var proposal = new Proposal(by, by.machine().life(), inTerm, number, changes);
        open.add(proposal);
        Duration disk = Duration.ofMillis(2).multipliedBy(by.machine().slowness());
        world.afterWork(ether.delay().plus(disk), () -> decide(proposal));
    }

    private void decide(Proposal proposal) {
        boolean leads = leader.filter(proposal.by()::equals).isPresent() && proposal.term() == term;
        if (!open.contains(proposal) || !leads) {
            return;
        }
        if (!hasMajority(proposal.by())) {
            // It goes on trying until it finds out that it leads no more.
            world.after(PULSE, () -> decide(proposal));
            return;
        }
        open.remove(proposal);
        boolean isHeard = isCalm || !world.happens(10);
        if (isHeard || world.happens(500)) {
            commit(proposal.changes());
        }
        proposal.by().applyTo(length());
        proposal.by()
                .hear(
                        isHeard
                                ? new ManagerEvent.Committed(
                                        proposal.number(), proposal.by().view())
                                : new ManagerEvent.Abandoned(proposal.number(), "the log did not answer in time"));
        spread();
    }

    private void commit(Batch changes) {
        byte[] entry = Codec.BINARY.write(changes);
        Batch batch = Codec.BINARY.read(entry, Batch.class);
        View after = view.after(batch);
        laws.check(view, batch, after);
        digests.add(digest(digests.isEmpty() ? 0 : digests.getLast(), batch, after));
        entries.add(entry);
        view = after;
        world.stir();
    }

    /// Sends the followers what they do not have.
    private void spread() {
        leader.ifPresent(from -> {
            for (ManagerSeat seat : List.copyOf(voters)) {
                if (seat.index() < length() && ether.reaches(from.machine(), seat.machine()) && !ether.loses()) {
                    int upTo = length();
                    world.after(ether.delay().multipliedBy(seat.machine().slowness()), () -> {
                        if (ether.reaches(from.machine(), seat.machine())) {
                            seat.applyTo(upTo);
                        }
                    });
                }
            }
        });
    }

    private boolean hasMajority(ManagerSeat seat) {
        long reached = voters.stream()
                .filter(other -> ether.reaches(seat.machine(), other.machine()))
                .count();
        return reached * 2 > voters.size();
    }

    private void pulse() {
        world.after(PULSE, this::pulse);
        for (ManagerSeat seat : voters) {
            if (seat.isLeading() && !mayLead(seat)) {
                // It finds out in its own time.
                world.after(world.between(200, 2_000), () -> stepDown(seat));
            }
        }
        boolean isVacant = leader.filter(seat -> seat.machine().isUp() && seat.leads(term) && hasMajority(seat))
                .isEmpty();
        if (!isVacant) {
            vacantFrom = Optional.empty();
            spread();
        } else if (vacantFrom.isEmpty()) {
            vacantFrom = Optional.of(world.now().plus(world.between(300, 1_500)));
        } else if (!vacantFrom.get().isAfter(world.now())) {
            elect();
        }
    }

    private void stepDown(ManagerSeat seat) {
        if (seat.isLeading() && !mayLead(seat)) {
            seat.deposed();
        }
    }

    private boolean mayLead(ManagerSeat seat) {
        return hasMajority(seat) && leader.filter(seat::equals).isPresent();
    }

    /// Makes another manager lead though nothing is wrong.
    void transfer() {
        leader.ifPresent(seat -> {
            seat.deposed();
            elect();
        });
    }

    private void elect() {
        List<ManagerSeat> candidates = voters.stream()
                .filter(seat -> seat.machine().isUp() && hasMajority(seat))
                .sorted((one, other) ->
                        one.machine().name().compareTo(other.machine().name()))
                .toList();
        if (candidates.isEmpty()) {
            return;
        }
        ManagerSeat elected = candidates.get(isCalm ? 0 : world.chance().nextInt(candidates.size()));
        leader.filter(former -> !former.equals(elected) && ether.reaches(former.machine(), elected.machine()))
                .ifPresent(ManagerSeat::deposed);
        term++;
        for (Proposal lost : List.copyOf(open)) {
            if (!isCalm && world.happens(500)) {
                commit(lost.changes());
            }
        }
        open.clear();
        leader = Optional.of(elected);
        vacantFrom = Optional.empty();
        elected.deposed();
        elected.applyTo(length());
        elected.led(term);
        spread();
    }
}
