package io.selvage.server.route;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ClientSplitTest {
    /// What nginx 1.22 assigns to `key0` to `key199`.
    private static final String BY_NGINX =
            "4414441343444422132443234433332414242442244433443334344423414444444443434424343333134243333343344314"
            + "4443331342334332444343332433443132441433214344444444444134414432214441332344434441443320344424343442";

    @Test
    void textIsInTheSamePartAsInNginx() {
        ClientSplit split = new ClientSplit(List.of(
                part(50, "0"), part(1000, "1"), part(1000, "2"), part(3333, "3"), part(0, "4")));
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            found.append(split.find("key" + i));
        }
        assertEquals(BY_NGINX, found.toString());
    }

    @Test
    void textBehindAllPartsHasNoValue() {
        assertEquals("", new ClientSplit(List.of(part(1, "a"))).find("key1"));
        assertEquals("a", new ClientSplit(List.of(part(0, "a"))).find("key1"));
    }

    private static ClientSplit.Part part(int hundredths, String value) {
        return new ClientSplit.Part(hundredths, value);
    }
}
