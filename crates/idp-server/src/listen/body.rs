//! Bodies: a request's may not dawdle, and a response's keeps its request under way until it has been sent.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::Limits;
use super::activity::UnderWay;

/// A request's body that must arrive within `limits.body_read`, and at `limits.body_pace` from then on.
pub(super) struct Paced {
    incoming: Incoming,
    /// From the moment the handler first asked for it.
    began: Option<Instant>,
    received: u64,
    alarm: Option<Pin<Box<Sleep>>>,
    grace: Duration,
    pace: u32,
}

impl Paced {
    pub(super) fn new(incoming: Incoming, limits: &Limits) -> Self {
        let (grace, pace) = (limits.body_read, limits.body_pace.max(1));
        Self { incoming, began: None, received: 0, alarm: None, grace, pace }
    }

    /// Wakes the task when the body is late, and says whether it is.
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let began = *self.began.get_or_insert_with(Instant::now);
        let due = began + self.grace + Duration::from_secs(self.received / u64::from(self.pace));
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if alarm.deadline() != due {
            alarm.as_mut().reset(due);
        }
        alarm.as_mut().poll(cx)
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(cx) {
            if let Some(Ok(frame)) = &frame {
                self.received += frame.data_ref().map_or(0, |data| data.len() as u64);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        self.poll_late(cx).map(|()| {
            Some(Err(io::Error::new(io::ErrorKind::TimedOut, "the request's body arrives too slowly").into()))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

/// A response's body, while which is being sent the request counts as under way.
pub(super) struct Sending {
    pub(super) body: Body,
    pub(super) _under_way: UnderWay,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // A body that panics ends its own stream and not the connection that other requests share.
        match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.body).poll_frame(cx))) {
            Ok(polled) => polled,
            Err(_) => {
                super::exchange::count_panic();
                Poll::Ready(Some(Err(axum::Error::new(io::Error::other("the response's body panicked")))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
