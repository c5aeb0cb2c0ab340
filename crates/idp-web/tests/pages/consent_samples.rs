//! The samples of the pages about consent.

use idp_web::pages::{
    AdminApprovalPage, AdminConsentedPage, ConsentPage, ErrorDetails, HttpAddress, OnBehalf, PermissionView,
    PublisherView, Reach, permission_sentence_reaching,
};

use super::{Done, Shelf};

/// Everything that has a sentence of its own.
const WELL_KNOWN: [&str; 18] = [
    "openid",
    "profile",
    "email",
    "offline_access",
    "User.Read",
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Application.Read.All",
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "Mail.Read",
    "Mail.Send",
];

impl Shelf<'_> {
    pub(super) fn consenting(&mut self) -> Done {
        let first = ["openid", "profile", "offline_access", "User.Read"];
        let mut new = self.permissions(Reach::You, &first, true);
        new.push(self.of_another_resource());
        self.put_consent("consent", self.consent(OnBehalf::No, new))?;

        let mut incremental = self.permissions(Reach::You, &["User.Read", "offline_access"], false);
        incremental.extend(self.permissions(Reach::You, &["Mail.Send"], true));
        incremental.push(self.of_another_resource());
        self.put_consent("consent-new", self.consent(OnBehalf::Offered, incremental))?;

        let mut everyone =
            self.permissions(Reach::Everyone, &["User.Read", "Directory.AccessAsUser.All"], true);
        everyone.extend(self.permissions(Reach::Unattended, &["Group.ReadWrite.All", "Mail.Read"], true));
        let page = ConsentPage {
            publisher: PublisherView::Verified(self.text("Fabrikam, Inc.")),
            terms_of_service: None,
            ..self.consent(OnBehalf::Always, everyone)
        };
        self.put_consent("consent-everyone", page)?;

        let mut twenty = self.permissions(Reach::You, &WELL_KNOWN, true);
        twenty.extend([self.of_another_resource(), self.of_another_resource()]);
        let page = ConsentPage {
            publisher: PublisherView::Unverified(None),
            from_elsewhere: false,
            terms_of_service: None,
            privacy_statement: None,
            ..self.consent(OnBehalf::Offered, twenty)
        };
        self.put_consent("consent-twenty", page)
    }

    pub(super) fn needing_an_administrator(&mut self) -> Done {
        let link = "https://login.contoso.example/contoso/v2.0/adminconsent?client_id=8a1f2c34-7d5e-4b6a-9c8d-0e1f2a3b4c5d";
        for (name, approval_link) in
            [("admin-approval", HttpAddress::parse(link)), ("admin-approval-without-link", None)]
        {
            let page = AdminApprovalPage {
                application: self.text("Fabrikam Timesheets"),
                publisher: PublisherView::Unverified(Some(self.text("fabrikam.example"))),
                organisation: self.text("Contoso Harbour Works"),
                account: self.text("alice@contoso.example"),
                permissions: self.permissions(Reach::You, &["Group.Read.All", "User.Read.All"], true),
                approval_link,
                form_action: self.text("/contoso/login/consent"),
                switch_action: self.text("/contoso/login/switch"),
                flow: self.text("c2VhbGVk"),
                details: ErrorDetails {
                    code: self.text("AADSTS90094"),
                    message: self.text("AADSTS90094: The grant requires administrator permission."),
                    client_id: self.text("8a1f2c34-7d5e-4b6a-9c8d-0e1f2a3b4c5d"),
                    correlation_id: self.text("b7a0a7d4-6f0b-4f9e-8f5e-3a1d2c4b5e6f"),
                    trace_id: self.text("0f2d6c1b-93aa-4e57-b1c4-d8e9f0a1b2c3"),
                    time: self.text("2026-03-02 08:15:30Z"),
                },
            };
            self.put(name, page.render(&self.chrome)?);
        }
        let page = AdminConsentedPage {
            application: self.text("Fabrikam Timesheets"),
            organisation: self.text("Contoso Harbour Works"),
            account: self.text("ada.admin@contoso.example"),
        };
        self.put("admin-consented", page.render(&self.chrome)?);
        Ok(())
    }

    fn put_consent(&mut self, name: &str, page: ConsentPage) -> Done {
        self.put(name, page.render(&self.chrome)?);
        Ok(())
    }

    fn consent(&self, on_behalf: OnBehalf, permissions: Vec<PermissionView>) -> ConsentPage {
        ConsentPage {
            application: self.text("Fabrikam Timesheets"),
            publisher: PublisherView::Unverified(Some(self.text("fabrikam.example"))),
            from_elsewhere: true,
            organisation: self.text("Contoso Harbour Works"),
            account: self.text("alice@contoso.example"),
            permissions,
            on_behalf,
            terms_of_service: HttpAddress::parse("https://timesheets.fabrikam.example/terms"),
            privacy_statement: HttpAddress::parse("https://timesheets.fabrikam.example/privacy"),
            form_action: self.text("/contoso/login/consent"),
            switch_action: self.text("/contoso/login/switch"),
            flow: self.text("c2VhbGVk"),
        }
    }

    fn permissions(&self, reach: Reach, values: &[&str], new: bool) -> Vec<PermissionView> {
        let graph = |value: &str| value.contains('.').then(|| self.text("Microsoft Graph"));
        values
            .iter()
            .map(|value| PermissionView {
                sentence: permission_sentence_reaching(reach, self.chrome.locale, value).unwrap_or_default(),
                description: String::new(),
                technical_name: self.text(value),
                resource_name: graph(value).unwrap_or_default(),
                unattended: reach == Reach::Unattended,
                new,
            })
            .collect()
    }

    fn of_another_resource(&self) -> PermissionView {
        PermissionView {
            sentence: self.text("Read and book hours"),
            description: self
                .text("Allows the application to read your time sheets and to book hours for you."),
            technical_name: self.text("Hours.ReadWrite"),
            resource_name: self.text("Fabrikam Hours API"),
            unattended: false,
            new: true,
        }
    }
}
