//! The samples of the pages about signing in on another device.

use idp_web::pages::{DeviceCodePage, DeviceCodeProblem, DeviceConfirmPage, DeviceDonePage, PublisherView};

use super::{Done, Shelf};

impl Shelf<'_> {
    pub(super) fn handing_over_to_a_device(&mut self) -> Done {
        for (name, code, problem) in [
            ("device-code", "", None),
            ("device-code-empty", "", Some(DeviceCodeProblem::Empty)),
            ("device-code-wrong", "GKK-MVL9-CP", Some(DeviceCodeProblem::Wrong)),
            ("device-code-locked", "", Some(DeviceCodeProblem::Locked { minutes: 15 })),
        ] {
            let page = DeviceCodePage {
                code: self.text(code),
                problem,
                form_action: self.text("/common/oauth2/deviceauth"),
                flow: self.text("c2VhbGVk"),
            };
            self.put(name, page.render(&self.chrome)?);
        }
        let confirm = DeviceConfirmPage {
            application: self.text("Fabrikam Timesheets"),
            publisher: PublisherView::Unverified(Some(self.text("fabrikam.example"))),
            organisation: self.text("Contoso Harbour Works"),
            account: self.text("alice@contoso.example"),
            asked_from: Some(self.text("203.0.113.7")),
            from_elsewhere: true,
            minutes_ago: 3,
            form_action: self.text("/signin/handover"),
            switch_action: self.text("/signin/switch"),
            flow: self.text("c2VhbGVk"),
        };
        self.put("device-confirm", confirm.render(&self.chrome)?);
        let near = DeviceConfirmPage {
            publisher: PublisherView::Verified(self.text("Fabrikam, Inc.")),
            account: self.text("maximiliane.von-und-zu-hohenlohe@verwaltung.contoso.example"),
            asked_from: None,
            from_elsewhere: false,
            minutes_ago: 0,
            ..confirm
        };
        self.put("device-confirm-near", near.render(&self.chrome)?);
        for (name, signed_in) in [("device-done", true), ("device-declined", false)] {
            let page = DeviceDonePage {
                application: self.text("Fabrikam Timesheets"),
                account: self.text("alice@contoso.example"),
                signed_in,
            };
            self.put(name, page.render(&self.chrome)?);
        }
        Ok(())
    }
}
