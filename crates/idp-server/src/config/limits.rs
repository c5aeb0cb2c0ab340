//! The settings under `limits`: whether addresses are told apart, and how often each thing may be done. Their names and what
//! holds without them come from the table in `idp-web`.

use std::num::NonZeroU32;

use idp_web::limits::{Addresses, Allowance, Allowances};

use super::{Checked, Setting, Values, refuse};

/// How often each thing may be done.
pub(super) const SETTINGS: [Setting; 14] = [
    Setting {
        key: "limits.documents",
        variable: "VESTIBULE_LIMITS_DOCUMENTS",
        example: "6000",
        meaning: "Requests of an address a minute for discovery documents, signing keys, instance and user realm discovery. All of these: 0 is no limit; those of addresses mean an IPv4 address or the first 64 bits of an IPv6 address, and hold only where limits.addresses is 'apart'; each node counts for itself.",
    },
    Setting {
        key: "limits.pages",
        variable: "VESTIBULE_LIMITS_PAGES",
        example: "3000",
        meaning: "Requests of an address a minute for the authorize endpoint, administrator consent, sign-out, every page, and what is not there.",
    },
    Setting {
        key: "limits.sign_in",
        variable: "VESTIBULE_LIMITS_SIGN_IN",
        example: "1200",
        meaning: "Forms of sign-in pages that an address sends a minute. One sign-in sends two to five.",
    },
    Setting {
        key: "limits.tokens",
        variable: "VESTIBULE_LIMITS_TOKENS",
        example: "6000",
        meaning: "Requests of an address a minute to the token endpoint and UserInfo.",
    },
    Setting {
        key: "limits.device_codes",
        variable: "VESTIBULE_LIMITS_DEVICE_CODES",
        example: "60",
        meaning: "Requests of an address a minute for device codes.",
    },
    Setting {
        key: "limits.device_entry",
        variable: "VESTIBULE_LIMITS_DEVICE_ENTRY",
        example: "60",
        meaning: "Requests of an address a minute for the page on which people type device codes, the forms of it among them.",
    },
    Setting {
        key: "limits.graph",
        variable: "VESTIBULE_LIMITS_GRAPH",
        example: "12000",
        meaning: "Requests of an address a minute to Graph, before it is known who calls. A batch is one.",
    },
    Setting {
        key: "limits.client_tokens",
        variable: "VESTIBULE_LIMITS_CLIENT_TOKENS",
        example: "60000",
        meaning: "Requests of one application a minute to the token endpoint, from all addresses: of applications that have shown a secret, a certificate or a federated credential.",
    },
    Setting {
        key: "limits.client_device_codes",
        variable: "VESTIBULE_LIMITS_CLIENT_DEVICE_CODES",
        example: "600",
        meaning: "Requests of all users of one application a minute for device codes.",
    },
    Setting {
        key: "limits.graph_principal",
        variable: "VESTIBULE_LIMITS_GRAPH_PRINCIPAL",
        example: "6000",
        meaning: "Requests to Graph a minute of one person through one application, or of one application by itself. Each request of a batch is one.",
    },
    Setting {
        key: "limits.same_request",
        variable: "VESTIBULE_LIMITS_SAME_REQUEST",
        example: "10",
        meaning: "How often a minute one session may ask the authorize endpoint for the same without anybody being asked, and one sign-in may be refreshed for the same scope. More is a loop, and refused as one.",
    },
    Setting {
        key: "limits.wrong_secrets",
        variable: "VESTIBULE_LIMITS_WRONG_SECRETS",
        example: "20",
        meaning: "Wrong client secrets in ten minutes for one application from one address, before none is looked at until they are over.",
    },
    Setting {
        key: "limits.wrong_passwords",
        variable: "VESTIBULE_LIMITS_WRONG_PASSWORDS",
        example: "100",
        meaning: "Wrong passwords in ten minutes from one address, whosever they are, before none is looked at until they are over. Browsers that are familiar with the account are neither counted nor refused.",
    },
    Setting {
        key: "limits.wrong_passwords_of_all",
        variable: "VESTIBULE_LIMITS_WRONG_PASSWORDS_OF_ALL",
        example: "500",
        meaning: "The same from everywhere together. It holds behind a proxy too.",
    },
];

/// What is limited, checked.
#[derive(Debug)]
pub(crate) struct LimitsConfig {
    pub(crate) addresses: Addresses,
    pub(crate) allowances: Allowances,
}

impl LimitsConfig {
    pub(super) fn read(values: &Values) -> Checked<Self> {
        let mut allowances = Allowances::default();
        for setting in &SETTINGS {
            if let Some(text) = values.get(setting.key) {
                set(&mut allowances, setting.key.trim_start_matches("limits."), text)?;
            }
        }
        Ok(Self {
            addresses: values.get("limits.addresses").map_or(Ok(Addresses::Apart), addresses)?,
            allowances,
        })
    }
}

/// Sets one allowance from a text.
pub(crate) fn set(allowances: &mut Allowances, name: &str, text: &str) -> Checked<()> {
    let allowance = allowance(name, text)?;
    if allowances.set(name, allowance) {
        return Ok(());
    }
    let known: Vec<_> = Allowances::TABLE.iter().map(|row| row.name).collect();
    refuse(format!("there is no limit {name}. There are: {}", known.join(", ")))
}

fn allowance(name: &str, text: &str) -> Checked<Allowance> {
    match text.parse::<u32>() {
        Ok(times @ 0..=1_000_000) => Ok(NonZeroU32::new(times)),
        _ => refuse(format!(
            "limits.{name}: '{text}' is not a whole number from 0 to 1000000. 0 is no limit; leave it out for what is usual"
        )),
    }
}

fn addresses(text: &str) -> Checked<Addresses> {
    match text {
        "apart" => Ok(Addresses::Apart),
        "shared" => Ok(Addresses::Shared),
        other => refuse(format!(
            "limits.addresses: '{other}' is neither 'apart' nor 'shared'. Leave it out unless a proxy stands in front"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_a_setting_whose_example_is_what_holds_without_it() {
        let settings = SETTINGS.map(|setting| (setting.key, setting.variable, setting.example));
        let table: Vec<_> = Allowances::TABLE.iter().collect();
        assert_eq!(settings.len(), table.len());
        for ((key, variable, example), row) in settings.into_iter().zip(table) {
            assert_eq!(key, format!("limits.{}", row.name));
            assert_eq!(variable, format!("VESTIBULE_{}", key.replace('.', "_").to_uppercase()));
            assert_eq!(example, row.times.to_string(), "{key}");
        }
    }

    #[test]
    fn a_limit_is_a_number_and_nought_is_none() {
        let mut allowances = Allowances::default();
        set(&mut allowances, "tokens", "7").unwrap();
        set(&mut allowances, "pages", "0").unwrap();
        assert_eq!((allowances.tokens, allowances.pages), (NonZeroU32::new(7), None));
        for text in ["", "-1", "1.5", "1000001", "many"] {
            assert!(set(&mut allowances, "tokens", text).unwrap_err().0.contains("limits.tokens"), "{text}");
        }
        assert!(set(&mut allowances, "tokns", "7").unwrap_err().0.contains("There are: documents"));
    }
}
