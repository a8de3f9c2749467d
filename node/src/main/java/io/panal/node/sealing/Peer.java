package io.panal.node.sealing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Another node of an encrypted network: which start of it is the present one, and what frames to and from that start
/// are sealed with. It is never forgotten as long as the network is here, so that nothing counts from one again.
final class Peer {
    private static final int WAITING_MOST = 32;
    private static final long GREETING_PAUSE_NANOS = 200_000_000;

    private final byte[] address;
    private final Context context;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final Map<Integer, Frames.Opener> openers = new HashMap<>();
    private OptionalLong start = OptionalLong.empty();
    private Optional<Sealing> sealing = Optional.empty();
    private long question;
    private long number;
    private long greetedAt;

    /// What all peers in one network share.
    ///
    /// @param start of this node's daemon in this network: 64 bits of chance
    record Context(String network, int vni, long start) {}

    private record Sealing(int generation, Frames.Sealer sealer) {}

    /// @param now of [System#nanoTime]
    Peer(byte[] address, Context context, long now) {
        this.address = address.clone();
        this.context = context;
        greetedAt = now - GREETING_PAUSE_NANOS;
    }

    byte[] address() {
        return address;
    }

    boolean isKnown() {
        return start.isPresent();
    }

    boolean isPresent(long claimed) {
        return start.isPresent() && start.getAsLong() == claimed;
    }

    /// Whether it is time to ask it for its start, once more. Says no until some time after it said yes.
    boolean isToBeGreeted(long now) {
        boolean is = now - greetedAt >= GREETING_PAUSE_NANOS;
        greetedAt = is ? now : greetedAt;
        return is;
    }

    /// What it is asked with; the same until it has answered.
    long question(Chance chance) {
        question = question == 0 ? chance.next() : question;
        return question;
    }

    /// @return whether its present start is learned from it: it answers what was asked last
    boolean learn(Greeting greeting) {
        if (greeting.answer() == 0 || greeting.answer() != question) {
            return false;
        }
        question = 0;
        if (!isPresent(greeting.start())) {
            start = OptionalLong.of(greeting.start());
            openers.clear();
            sealing = Optional.empty();
        }
        return true;
    }

    /// Keeps a frame until the peer's start is known; the oldest makes room.
    void keep(byte[] frame) {
        if (waiting.size() == WAITING_MOST) {
            waiting.removeFirst();
        }
        waiting.add(frame);
    }

    List<byte[]> kept() {
        List<byte[]> kept = new ArrayList<>(waiting);
        waiting.clear();
        return kept;
    }

    /// Numbers go on over all keys: none is ever used again.
    Frames.Header nextHeader(Keys keys) {
        number++;
        return new Frames.Header(context.vni(), keys.present(), context.start(), number);
    }

    Frames.Sealer sealer(Keys keys) {
        Optional<Sealing> right = sealing.filter(own -> own.generation() == keys.present());
        Sealing own = right.orElseGet(() -> new Sealing(
                keys.present(),
                new Frames.Sealer(Derivation.frames(
                        keys.secret(keys.present()).orElseThrow(),
                        context.network(),
                        context.start(),
                        start.orElseThrow()))));
        sealing = Optional.of(own);
        return own.sealer();
    }

    /// Empty for a key that is over, or not known here yet.
    Optional<Frames.Opener> opener(int generation, Keys keys) {
        return keys.secret(generation)
                .map(secret -> openers.computeIfAbsent(
                        generation,
                        _ -> new Frames.Opener(
                                Derivation.frames(secret, context.network(), start.orElseThrow(), context.start()))));
    }

    void forgetOldKeys(Keys keys) {
        openers.keySet().removeIf(generation -> keys.secret(generation).isEmpty());
    }

    /// Random numbers, never 0.
    interface Chance {
        long next();
    }
}
