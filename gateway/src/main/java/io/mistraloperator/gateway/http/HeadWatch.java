package io.mistraloperator.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Watches the heads of requests on one HTTP/1.1 connection: tells when one has begun and not ended,
 * which the server itself says nothing about, and marks one of an unknown version as broken, which
 * the server itself would answer without a word. Only for the connection's event loop.
 */
final class HeadWatch {
  private static final String DECODER = "httpDecoder";
  private static final String SERVER = "handler";

  private final Runnable begun;
  private final Runnable complete;
  private boolean between = true;

  /** The version of a request is none that is served. */
  static final class UnknownVersionException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnknownVersionException() {
      // No message and no trace: what was sent must not be shown, and anybody may cause it.
      super(null, null, false, false);
    }
  }

  private HeadWatch(Runnable begun, Runnable complete) {
    this.begun = begun;
    this.complete = complete;
  }

  /**
   * Begins to watch; does nothing for HTTP/2.
   *
   * @param begun run at bytes that belong to a head, maybe several times for one head
   * @param complete run at the end of a head
   */
  static void attach(Channel channel, Runnable begun, Runnable complete) {
    if (channel.pipeline().get(DECODER) != null) {
      HeadWatch watch = new HeadWatch(begun, complete);
      channel.pipeline().addBefore(DECODER, null, watch.new Bytes());
      channel.pipeline().addBefore(SERVER, null, watch.new Messages());
    }
  }

  /** Before the decoder. */
  private final class Bytes extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      if (between) {
        begun.run();
      }
      context.fireChannelRead(bytes);
    }
  }

  /** After it. */
  private final class Messages extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        between = false;
        complete.run();
        if (request.decoderResult().isSuccess() && !served(request.protocolVersion())) {
          request.setDecoderResult(DecoderResult.failure(new UnknownVersionException()));
        }
      }
      if (message instanceof LastHttpContent) {
        between = true;
      }
      context.fireChannelRead(message);
    }
  }

  private static boolean served(HttpVersion version) {
    return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
  }
}
