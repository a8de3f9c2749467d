package io.panal.node.dataplane;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Which hosts have fallen silent: those that answered once, and not the last few questions.
///
/// One that never answered may be behind a firewall that lets no question through: nothing is known of it.
/// Questions are counted, not seconds, so that a daemon that was stopped for a while believes nobody dead.
final class Silence {
    private static final int QUESTIONS = 3;

    private final Map<InetAddress, Integer> unanswered = new HashMap<>();

    /// A round: all were asked, and some have answered.
    ///
    /// @param hosts that were asked; others are forgotten
    /// @param answered since the last round
    void round(Set<InetAddress> hosts, Set<InetAddress> answered) {
        unanswered.keySet().retainAll(hosts);
        unanswered.replaceAll((_, questions) -> questions + 1);
        answered.stream().filter(hosts::contains).forEach(host -> unanswered.put(host, 0));
    }

    /// Whether someone answered before, missed a question, and is not silent yet.
    boolean isDoubtful() {
        return unanswered.values().stream().anyMatch(questions -> questions > 0 && questions < QUESTIONS);
    }

    Set<InetAddress> hosts() {
        Set<InetAddress> silent = new HashSet<>();
        unanswered.forEach((host, questions) -> {
            if (questions >= QUESTIONS) {
                silent.add(host);
            }
        });
        return silent;
    }
}
