package io.panal.node.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65_535, 65_536, 1_000_000})
    void aLengthIsWrittenInAsManyBytesAsItNeeds(int length) throws Exception {
        String text = "x".repeat(length);
        byte[] written = Der.text(text);
        assertThat(ASN1UTF8String.getInstance(ASN1Primitive.fromByteArray(written))
                        .getString())
                .isEqualTo(text);
        assertThat(ASN1Primitive.fromByteArray(written).getEncoded("DER")).isEqualTo(written);
    }

    @Test
    void aSequenceHoldsItsPartsInOrder() throws Exception {
        var sequence = ASN1Sequence.getInstance(Der.sequence(Der.text("a"), Der.bits(new byte[] {1, 2, 3})));
        assertThat(sequence.size()).isEqualTo(2);
        assertThat(ASN1UTF8String.getInstance(sequence.getObjectAt(0)).getString())
                .isEqualTo("a");
        assertThat(ASN1BitString.getInstance(sequence.getObjectAt(1)).getOctets())
                .containsExactly(1, 2, 3);
    }
}
