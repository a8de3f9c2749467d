package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsMessageTest {
    private static final String HEADER = "004d01000001000000000000";
    private static final String HEADER_WITH_OPTIONS = "004d01000001000000000001";
    private static final String WEB_A = "037765620000010001";

    private static DnsMessage question(String hex) {
        return DnsMessage.question(ByteBuffer.wrap(HexFormat.of().parseHex(hex)))
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            nothing at all,              ''
            a header alone,              004d01000001000000000000
            an answer,                   004d81000001000000000000037765620000010001
            two names,                   004d01000002000000000000037765620000010001
            a label longer than it is,   004d010000010000000000003f7765620000010001
            a pointer as a name,         004d01000001000000000000c00c00010001
            a name without an end,       004d0100000100000000000003776562
            a type without a class,      004d010000010000000000000377656200000100
            """)
    void whatIsNoQuestionIsNotAnswered(String what, String hex) {
        assertThat(DnsMessage.question(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                .as(what)
                .isEmpty();
    }

    @Test
    void anAnswerThatDoesNotFitADatagramIsCutAndMarked() {
        List<InetAddress> many = IntStream.range(0, 100)
                .mapToObj(i -> InetAddress.ofLiteral("10.0.1." + i))
                .toList();
        ByteBuffer cut = question(HEADER + WEB_A).answer(many, true);
        assertThat(cut.remaining()).isLessThanOrEqualTo(512);
        assertThat(cut.getShort(2) & 0x0200).isNotZero();
        ByteBuffer whole =
                question(HEADER_WITH_OPTIONS + WEB_A + "0000291000000000000000").answer(many, true);
        assertThat(whole.getShort(6)).isEqualTo((short) 100);
        assertThat(question(HEADER + WEB_A).answer(many, false).getShort(6)).isEqualTo((short) 100);
    }

    @Test
    void aKnownNameWithoutSuchAnAddressHasAnEmptyAnswer() {
        ByteBuffer answer =
                question(HEADER + "0377656200001c0001").answer(List.of(InetAddress.ofLiteral("10.0.1.2")), true);
        assertThat(answer.getShort(2) & 15).isZero();
        assertThat(answer.getShort(6)).isZero();
    }
}
