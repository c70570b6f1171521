//! Security identifiers, as far as made-up logs need them.

/// A security identifier (MS-DTYP 2.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sid {
    /// S-1-0-0, NULL SID: the account is not known.
    Null,
    /// S-1-5-18, NT AUTHORITY\SYSTEM.
    System,
    /// A domain account with this relative identifier.
    Account(u32),
}

/// Sub-authorities of the made-up domain.
const DOMAIN: [u32; 4] = [21, 1_004_336_348, 1_177_238_915, 682_003_330];

impl Sid {
    fn parts(self) -> (u8, Vec<u32>) {
        match self {
            Sid::Null => (0, vec![0]),
            Sid::System => (5, vec![18]),
            Sid::Account(rid) => (5, DOMAIN.into_iter().chain([rid]).collect()),
        }
    }

    /// `S-1-5-18`.
    pub fn text(self) -> String {
        let (authority, parts) = self.parts();
        parts.iter().fold(format!("S-1-{authority}"), |text, part| format!("{text}-{part}"))
    }

    /// Appends the binary form.
    pub(super) fn put(self, out: &mut Vec<u8>) {
        let (authority, parts) = self.parts();
        out.extend_from_slice(&[1, parts.len() as u8, 0, 0, 0, 0, 0, authority]);
        for part in parts {
            out.extend_from_slice(&part.to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_is_twelve_bytes() {
        let mut bytes = Vec::new();
        Sid::System.put(&mut bytes);
        assert_eq!(bytes, [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]);
        assert_eq!(Sid::System.text(), "S-1-5-18");
        assert_eq!(Sid::Account(500).text(), "S-1-5-21-1004336348-1177238915-682003330-500");
    }
}
