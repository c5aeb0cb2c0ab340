//! What an organisation lets happen beyond what permissions say.

mod flow;

pub use flow::{Admitted, Flow, FlowBlocked, FlowPolicy, FlowSwitch};
