import java.net.*;

class Echo {
  public static void main(String[] words) throws Exception {
    var entry = new ServerSocket(Integer.parseInt(words[0]));
    while (true) {
      var one = entry.accept();
      new Thread(() -> {
        try (one) {
          one.getInputStream().transferTo(one.getOutputStream());
        } catch (java.io.IOException error) {
          throw new java.io.UncheckedIOException(error);
        }
      }).start();
    }
  }
}
