package io.panal.node.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    private static final byte[] SECRET = new byte[32];
    private static final byte[] FRAME = "what nobody is to read".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ADDRESS = {10, 0, 0, 1};

    private final byte[] packet = new byte[2000];
    private final byte[] opened = new byte[2000];
    private final byte[] key = Derivation.frames(SECRET, "net", 1, 2);
    private final Frames.Opener opener = new Frames.Opener(key);

    private int seal(long number) {
        return new Frames.Sealer(key).seal(new Frames.Header(4097, 3, 1, number), FRAME, FRAME.length, packet);
    }

    private int open(int length) {
        return opener.open(Frames.Header.read(packet, length).orElseThrow(), packet, length, opened);
    }

    @Test
    void aFrameComesOutAsItWentInAndOnlyOnce() {
        int length = seal(7);

        assertThat(Frames.Header.read(packet, length)).contains(new Frames.Header(4097, 3, 1, 7));
        assertThat(new String(packet, 0, length, StandardCharsets.ISO_8859_1)).doesNotContain("nobody");
        assertThat(open(length)).isEqualTo(FRAME.length);
        assertThat(opened).startsWith(FRAME);
        assertThat(open(length)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 15, 16, 23, 24, 30, 50, 61})
    void aPacketThatWasChangedAnywhereIsNotOpened(int at) {
        int length = seal(7);
        packet[at] ^= 1;
        assertThat(Frames.Header.read(packet, length)
                        .map(header -> opener.open(header, packet, length, opened))
                        .orElse(-1))
                .isEqualTo(-1);

        packet[at] ^= 1;
        assertThat(open(length)).isEqualTo(FRAME.length);
    }

    @Test
    void aKeyIsOfOneNetworkOneDirectionOneStartAndOneSecret() {
        byte[] other = new byte[32];
        other[0] = 1;
        Set<String> keys = new HashSet<>();
        for (byte[] each : new byte[][] {
            key,
            Derivation.frames(SECRET, "net", 2, 1),
            Derivation.frames(SECRET, "net", 1, 3),
            Derivation.frames(SECRET, "net", 3, 2),
            Derivation.frames(SECRET, "other", 1, 2),
            Derivation.frames(other, "net", 1, 2),
            Derivation.greetings(SECRET, "net")
        }) {
            keys.add(HexFormat.of().formatHex(each));
        }
        assertThat(keys).hasSize(7);
    }

    /// RFC 5869, A.1: the first 32 bytes.
    @Test
    void keysAreDerivedAsTheRfcSays() {
        byte[] secret = HexFormat.of().parseHex("0b".repeat(22));
        byte[] salt = HexFormat.of().parseHex("000102030405060708090a0b0c");
        byte[] info = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9");

        assertThat(Derivation.derive(secret, salt, info))
                .isEqualTo(HexFormat.of().parseHex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
    }

    @Test
    void noNumberIsUsedTwiceWhateverKeysAndStartsComeAndGo() throws Exception {
        Peer peer = new Peer(ADDRESS, new Peer.Context("net", 4097, 99), 0);
        Set<Long> numbers = new HashSet<>();
        for (int round = 0; round < 4; round++) {
            long question = peer.question(() -> 5);
            assertThat(peer.learn(greeting(7 + round % 2, question))).isTrue();
            Keys keys = new Keys(1 + round % 2, new TreeMap<>(Map.of(1, SECRET, 2, SECRET)));
            for (int i = 0; i < 10; i++) {
                assertThat(numbers.add(peer.nextHeader(keys).number())).isTrue();
            }
        }
    }

    private static Greeting greeting(long start, long answer) throws Exception {
        return new Greeting(4097, 1, start, 0, answer, InetAddress.getByAddress(ADDRESS));
    }

    @Test
    void aStartIsBelievedOnlyOfWhoAnswersTheQuestionThatWasAskedLast() throws Exception {
        Peer peer = new Peer(ADDRESS, new Peer.Context("net", 4097, 99), 0);
        long first = peer.question(() -> 5);

        assertThat(peer.learn(greeting(7, 0))).isFalse();
        assertThat(peer.learn(greeting(7, 6))).isFalse();
        assertThat(peer.learn(greeting(7, first))).isTrue();
        assertThat(peer.isPresent(7)).isTrue();
        assertThat(peer.learn(greeting(8, first))).isFalse();
        assertThat(peer.isPresent(7)).isTrue();
    }

    @Test
    void aGreetingIsGenuineForItsReceiverAndUnchanged() throws Exception {
        byte[] key = Derivation.greetings(SECRET, "net");
        byte[] receiver = {10, 0, 0, 2};
        byte[] written = greeting(7, 5).sealed(key, receiver);

        assertThat(Greeting.read(written, written.length)).contains(greeting(7, 5));
        assertThat(Greeting.isGenuine(written, key, receiver)).isTrue();
        assertThat(Greeting.isGenuine(written, key, ADDRESS)).isFalse();
        assertThat(Greeting.isGenuine(written, SECRET, receiver)).isFalse();
        written[20] ^= 1;
        assertThat(Greeting.isGenuine(written, key, receiver)).isFalse();
    }
}
