package io.panal.node.consensus;

import io.panal.node.identity.SealingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;

/// This node's membership in the swarm's replicated log.
public final class Consensus implements AutoCloseable {
    /// Largest entry that [#submit] takes, as in swarmkit.
    public static final int ENTRY_BYTES_MAX = 3 << 19;

    private final ConsensusSettings settings;
    private final KeyRing keys;
    private final KeyRotation rotation;
    private final AddressBook book;
    private final RaftPeerId self;
    private final RaftGroupId group;
    private final Generation generation;
    private final ClientId client = ClientId.randomId();
    private final RaftServer server;
    private final MemberLife life;
    private final DiskRoom room;
    private final MemberChanges changes;
    private final Submitting submitting;
    private final Succession succession;
    private final Snapshots snapshots;
    private final Door door;
    private volatile Retention retention;

    /// Starts a new log with this node as its only member.
    ///
    /// @throws IOException when the port is taken or the directory cannot be used
    public static Consensus bootstrap(ConsensusSettings settings, Hosted hosted, SecurePort port) throws IOException {
        new DiskRoom(settings.directory()).refuseShortage();
        if (Files.exists(settings.log())) {
            throw new IOException(settings.log() + " holds a log already");
        }
        var consensus = new Consensus(settings, KeyRing.begin(settings, DataKeys.create()), hosted, port, true);
        consensus.start();
        return consensus;
    }

    /// Goes on with the membership the directory holds.
    ///
    /// @throws DiskFullException when there is no room for the log; nothing was touched
    /// @throws IOException also when the log is damaged: then the node has to leave and join anew
    public static Consensus restart(ConsensusSettings settings, Hosted hosted, SecurePort port) throws IOException {
        new DiskRoom(settings.directory()).refuseShortage();
        var consensus = new Consensus(settings, KeyRing.load(settings), hosted, port, false);
        consensus.start();
        consensus.enterGroup();
        return consensus;
    }

    /// Opens the port and waits for the leader, who must be asked to add [#self].
    public static Consensus join(ConsensusSettings settings, Introduction introduction, Hosted hosted, SecurePort port)
            throws IOException {
        new DiskRoom(settings.directory()).refuseShortage();
        MemberFiles.erase(settings.directory());
        KeyRing keys = KeyRing.begin(settings, introduction.keys());
        new Generation(introduction.generation()).save(settings);
        var consensus = new Consensus(settings, keys, hosted, port, false);
        introduction.addresses().forEach(consensus::learnAddress);
        consensus.start();
        consensus.enterGroup();
        return consensus;
    }

    /// Whether the directory holds a membership to restart.
    public static boolean exists(Path directory) {
        return MemberFiles.exist(directory);
    }

    /// Closes this member and takes all others out of what it keeps: [#restart] then goes on alone, with all that
    /// its log holds, in the log's next generation.
    public void forsakeOthers() throws IOException {
        RaftServer.Division division =
                division().orElseThrow(() -> new IOException("this member has no log to go on with"));
        // Above every change of members that the log holds, so that it is the one in force.
        long index = division.getRaftConf().getLogEntryIndex() + 1;
        long term = division.getInfo().getCurrentTerm();
        close();
        generation.next(settings, MemberChanges.peer(self()), term, index);
    }

    /// How often this swarm was begun anew from one manager, from 1; the higher one counts.
    public long generation() {
        return generation.number();
    }

    /// Where every node that was ever a member answers, by node.
    public Map<String, String> addresses() {
        return book.all();
    }

    /// Forgets a membership; the member must be closed.
    public static void erase(Path directory) throws IOException {
        MemberFiles.erase(directory);
    }

    private Consensus(ConsensusSettings settings, KeyRing keys, Hosted hosted, SecurePort port, boolean alone)
            throws IOException {
        EngineDefaults.use();
        this.settings = settings;
        this.keys = keys;
        retention = settings.retention();
        room = new DiskRoom(settings.directory());
        book = new AddressBook(settings.addresses());
        book.put(settings.nodeId(), settings.advertised());
        self = RaftPeerId.valueOf(MemberFiles.memberId(settings));
        generation = Generation.of(settings);
        group = generation.group(settings.clusterId());
        life = new MemberLife(this, settings, hosted.listener());
        door = new Door(node -> book.address(node).isPresent(), hosted.listener()::strangerCalled);
        MemberNames.use(book);
        var builder = RaftServer.newBuilder()
                .setServerId(self)
                .setStateMachine(new HostedState(hosted.state(), keys, life, this::retention))
                .setProperties(RatisSettings.properties(settings))
                .setParameters(RatisSettings.parameters(port.identity(), port.services(), new Callers()))
                .setOption(RaftStorage.StartupOption.RECOVER);
        if (alone) {
            builder.setGroup(RaftGroup.valueOf(group, MemberChanges.peer(self())));
        }
        try {
            server = builder.build();
        } catch (IOException | RuntimeException e) {
            MemberNames.forget(book);
            throw new IOException("the log cannot be opened: " + e.getMessage(), e);
        }
        changes = new MemberChanges(server, self, group, client);
        submitting = new Submitting(server, self, group, client, this::leader);
        rotation = new KeyRotation(keys, submitting);
        succession = new Succession(server);
        snapshots = new Snapshots(server, self, group);
    }

    private void start() throws IOException {
        EngineDefaults.begin(self);
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            // Ratis notes for the whole process that it would have ended it.
            EngineDefaults.begin(self);
            close();
            throw new IOException("the port " + settings.listen() + " cannot be opened: " + e.getMessage(), e);
        }
        PauseMonitor.stop(server);
        life.begin();
    }

    private void enterGroup() throws IOException {
        for (RaftGroupId held : server.getGroupIds()) {
            if (held.equals(group)) {
                return;
            }
        }
        RaftClientReply reply = server.groupManagement(
                GroupManagementRequest.newAdd(client, self, CallId.getAndIncrement(), RaftGroup.valueOf(group)));
        if (!reply.isSuccess()) {
            throw new IOException("the log cannot be created: " + reply.getException());
        }
    }

    /// This membership, as the leader has to be asked to add it.
    public Member self() {
        return new Member(self.toString(), settings.advertised());
    }

    /// Puts an entry into the log, in the term in which this member leads.
    ///
    /// @param term as [ConsensusListener#leadershipGained] gave it; an entry that reaches the log in a later
    /// one is void
    /// @param outcome called once, on the engine's thread or at once: must not block
    public void submit(long term, byte[] entry, Consumer<Submission> outcome) {
        if (entry.length > ENTRY_BYTES_MAX) {
            outcome.accept(new Submission.TooLarge(entry.length));
        } else if (!leads(term)) {
            outcome.accept(new Submission.NotLeader(leader()));
        } else {
            Optional<String> full = room.shortage();
            if (full.isPresent()) {
                outcome.accept(new Submission.Busy(full.get()));
            } else {
                submitting.send(Proposal.entry(term, entry), outcome);
            }
        }
    }

    /// Why the disk takes no entry now, in a sentence for a user; empty when it does.
    public Optional<String> shortage() {
        return room.shortage();
    }

    /// [#submit], waiting for what becomes of it.
    public Submission submit(long term, byte[] entry) throws InterruptedException {
        var answer = new CompletableFuture<Submission>();
        submit(term, entry, answer::complete);
        return Submitting.await(answer, Duration.ofMinutes(1));
    }

    /// Whether this member led a moment ago and its state holds everything acknowledged before the call.
    ///
    /// An entry that changes nothing goes through the log: Ratis's own read index can answer from the past.
    public boolean readBarrier(Duration limit) throws InterruptedException {
        var answer = new CompletableFuture<Submission>();
        submitting.send(Proposal.barrier(), answer::complete);
        return Submitting.await(answer, limit) instanceof Submission.Committed;
    }

    /// Takes a node in; it votes once it has caught up. Blocks for up to a minute; may be repeated.
    public Change addMember(Member joiner) throws InterruptedException {
        learnAddress(joiner.nodeId(), joiner.address());
        return changes.add(joiner);
    }

    /// Takes a node out, this one included. Blocks for up to a minute; may be repeated.
    public Change removeMember(String nodeId) throws InterruptedException {
        return changes.remove(nodeId);
    }

    /// Hands the lead to a node. On [Change.Failed] read [#leader]: it may have moved all the same.
    public Change transfer(String nodeId) throws InterruptedException {
        return changes.transfer(Optional.of(nodeId));
    }

    /// Gives up the lead; another member is elected.
    public Change stepDown() throws InterruptedException {
        return changes.transfer(Optional.empty());
    }

    /// The members in force, each with the address last heard of, by id; empty before the leader has added this
    /// member.
    public List<Member> members() {
        return division().map(RaftServer.Division::getRaftConf).map(MemberChanges::members).orElse(List.of()).stream()
                .map(member ->
                        new Member(member.id(), book.address(member.nodeId()).orElse(member.address())))
                .toList();
    }

    /// The node that leads, as far as this member knows.
    public Optional<String> leader() {
        return info().map(DivisionInfo::getLeaderId).map(id -> Member.nodeOf(id.toString()));
    }

    /// `host:port` of the leader.
    public Optional<String> leaderAddress() {
        return leader().flatMap(book::address);
    }

    /// Whether this member leads and has applied everything of earlier terms.
    public boolean isLeader() {
        return info().filter(DivisionInfo::isLeaderReady).isPresent();
    }

    /// Notes where a node answers from now on, when it says so itself or the cluster's state does.
    public void learnAddress(String nodeId, String address) {
        if (book.put(nodeId, address)) {
            MemberNames.refreshAll();
        }
    }

    /// A member says that it is there (again) and where: it is dialled at once, not when gRPC would try next.
    public void greet(String nodeId, String address) {
        learnAddress(nodeId, address);
        members().stream().filter(member -> member.nodeId().equals(nodeId)).forEach(this::redial);
    }

    /// What a joining manager needs to know.
    public Introduction introduction() {
        return new Introduction(generation.number(), keys.keys(), book.all());
    }

    @Override
    public void close() {
        life.end();
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException("the log cannot be closed", e);
        } finally {
            MemberNames.forget(book);
        }
    }

    Optional<RaftServer.Division> division() {
        try {
            return Optional.of(server.getDivision(group));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    Optional<DivisionInfo> info() {
        return division().map(RaftServer.Division::getInfo);
    }

    /// Drops the connections to the other members, so that they are made again at once.
    void redial() {
        members().forEach(this::redial);
    }

    private void redial(Member member) {
        if (!member.id().equals(self.toString())) {
            server.getServerRpc()
                    .handleException(RaftPeerId.valueOf(member.id()), new IOException("dialled anew"), true);
        }
    }

    /// Stands for election in place of a leader that is gone, unless it was heard of since.
    void succeed(String lost, Duration silence) {
        division().ifPresent(division -> succession.succeed(division, lost, book.address(lost), silence));
    }

    /// Takes these rules for snapshots into use.
    public void retain(Retention wanted) {
        retention = wanted;
    }

    private Retention retention() {
        Retention now = retention;
        return snapshots.isOnly() ? new Retention(now.snapshotEntries(), 0, 0) : now;
    }

    /// What puts another disk key into use; made once, between two writes of the data keys.
    public interface DiskKeyChange {
        void make() throws IOException;
    }

    /// Seals the data keys on this disk with another key; a crash at any moment leaves them readable with the one in
    /// use.
    public void moveTo(SealingKey next, DiskKeyChange change) throws IOException {
        keys.move(next, change);
    }

    /// Has the log sealed with a data key that was made for this purpose, and everything before it go from every disk.
    /// Whichever member leads sees to it, once each member that is up or down has heard of the key.
    ///
    /// @param purpose 0 wants nothing
    public void sealFor(long purpose) {
        rotation.want(purpose);
    }

    void keyKnown(long index) {
        rotation.knownAt(index);
    }

    void lookAtKeys() {
        if (isLeader()) {
            division().ifPresent(rotation::look);
        }
    }

    void snapshotOnly() {
        snapshots.takeOnly();
    }

    void snapshotDue() {
        snapshots.take(retention);
    }

    /// The members, as far as this one knows for certain.
    public Optional<Membership> membership() {
        return division().flatMap(Roll::membership);
    }

    /// Another manager says who the members are. It is believed while it is a member as far as this one knows.
    public void hear(String nodeId, Membership said) {
        Door.Known known = known();
        if (known.nodes().contains(nodeId)) {
            door.hear(said);
            if (said.index() > known.index() && !said.members().contains(self.toString())) {
                life.leftOut();
            }
        }
    }

    private Door.Known known() {
        return division().map(division -> Roll.known(division, leader())).orElse(Roll.NOBODY);
    }

    private final class Callers implements SharedPort.Callers {
        @Override
        public boolean admits(String nodeId) {
            return door.admits(nodeId, known());
        }

        @Override
        public void streamEnded(String nodeId) {
            life.streamEnded(nodeId);
        }
    }

    private boolean leads(long term) {
        return info().filter(info -> info.isLeaderReady() && info.getCurrentTerm() == term)
                .isPresent();
    }

    void forEachAddress(List<RaftPeer> peers) {
        for (RaftPeer peer : peers) {
            String nodeId = Member.nodeOf(peer.getId().toString());
            if (book.address(nodeId).isEmpty() && peer.getAdminAddress() != null) {
                learnAddress(nodeId, peer.getAdminAddress());
            }
        }
    }
}
