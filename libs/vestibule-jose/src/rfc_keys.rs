//! The RSA keys and tokens of RFC 7515 appendix A.2 and RFC 7520 §4.1, for tests only.
//!
//! Owns the numbers as the RFCs print them. They are public: nothing may ever trust these keys.

use aws_lc_rs::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};

use crate::base64url;

/// A printed private key, each member in base64url.
pub(crate) struct PrintedKey {
    n: &'static str,
    d: &'static str,
    p: &'static str,
    q: &'static str,
    dp: &'static str,
    dq: &'static str,
    qi: &'static str,
}

impl PrintedKey {
    pub(crate) fn pair(&self) -> KeyPair {
        let number = |text| base64url::decode(text).unwrap();
        KeyPair::from_components(&KeyPairComponents {
            public_key: PublicKeyComponents { n: number(self.n), e: vec![1, 0, 1] },
            d: number(self.d),
            p: number(self.p),
            q: number(self.q),
            dP: number(self.dp),
            dQ: number(self.dq),
            qInv: number(self.qi),
        })
        .unwrap()
    }
}

/// RFC 7515 §A.2.1.
pub(crate) const RFC7515_A2_KEY: PrintedKey = PrintedKey {
    n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4Ql\
         L-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUs\
         LA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoud\
         F8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    d: "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe\
         46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9J\
         YanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuh\
         LhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
    p: "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJ\
         NPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
    q: "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_Yw\
         D66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
    dp: "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJ\
         eDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
    dq: "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-N\
         KJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
    qi: "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi8\
         7w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U",
};

/// RFC 7520 §3.4.
pub(crate) const RFC7520_KEY: PrintedKey = PrintedKey {
    n: "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMa\
         JMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6c\
         S6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwd\
         q_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw",
    d: "bWUC9B-EFRIo8kpGfh0ZuyGPvMNKvYWNtB_ikiH9k20eT-O1q_I78eiZkpXxXQ0UTEs2LsNRS-8uJbvQ-A1irkwMSMkK1J3X\
         TGgdrhCku9gRldY7sNA_AKZGh-Q661_42rINLRCe8W-nZ34ui_qOfkLnK9QWDDqpaIsA-bMwWWSDFu2MUBYwkHTMEzLYGqOe\
         04noqeq1hExBTHBOBdkMXiuFhUq1BU6l-DqEiWxqg82sXt2h-LMnT3046AOYJoRioz75tSUQfGCshWTBnP5uDjd18kKhyv07\
         lhfSJdrPdM5Plyl21hsFf4L_mHCuoFau7gdsPfHPxxjVOcOpBrQzwQ",
    p: "3Slxg_DwTXJcb6095RoXygQCAZ5RnAvZlno1yhHtnUex_fp7AZ_9nRaO7HX_-SFfGQeutao2TDjDAWU4Vupk8rw9JR0AzZ0N\
         2fvuIAmr_WCsmGpeNqQnev1T7IyEsnh8UMt-n5CafhkikzhEsrmndH6LxOrvRJlsPp6Zv8bUq0k",
    q: "uKE2dh-cTf6ERF4k4e_jy78GfPYUIaUyoSSJuBzp3Cubk3OCqs6grT8bR_cu0Dm1MZwWmtdqDyI95HrUeq3MP15vMMON8lHT\
         eZu2lmKvwqW7anV5UzhM1iZ7z4yMkuUwFWoBvyY898EXvRD-hdqRxHlSqAZ192zB3pVFJ0s7pFc",
    dp: "B8PVvXkvJrj2L-GYQ7v3y9r6Kw5g9SahXBwsWUzp19TVlgI-YV85q1NIb1rxQtD-IsXXR3-TanevuRPRt5OBOdiMGQp8pbt2\
         6gljYfKU_E9xn-RULHz0-ed9E9gXLKD4VGngpz-PfQ_q29pk5xWHoJp009Qf1HvChixRX59ehik",
    dq: "CLDmDGduhylc9o7r84rEUVn7pzQ6PF83Y-iBZx5NT-TpnOZKF1pErAMVeKzFEl41DlHHqqBLSM0W1sOFbwTxYWZDm6sI6og5\
         iTbwQGIC3gnJKbi_7k_vJgGHwHxgPaX2PnvP-zyEkDERuf-ry4c_Z11Cq9AqC2yeL6kdKT1cYF8",
    qi: "3PiqvXQN0zwMeE-sBvZgi289XP9XCQF3VWqPzMKnIgQp7_Tugo6-NZBKCQsMf3HaEGBjTVJs_jcK8-TRXvaKe-7ZMaQj8VfB\
         dYkssbu0NKDDhjJ-GtiseaDVWt7dcH0cfwxgFUHpQh7FoCrjFJ6h6ZEpMF6xmujs4qMpPz8aaI4",
};

/// RFC 7515 §A.2.1: header, claims with their line breaks, signature.
pub(crate) const RFC7515_A2_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9\
         pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Q\
         c_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARN\
         PvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6I\
         eYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

/// RFC 7520 §4.1.3. Its payload is a sentence, not claims.
pub(crate) const RFC7520_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3V\
         zIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHl\
         vdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9\
         mZiB0by4.MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp8\
         3xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6\
         x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI\
         -ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg";

/// A self-signed certificate of [`RFC7515_A2_KEY`], DER in standard base64.
pub(crate) const RFC7515_A2_CERTIFICATE: &str = "MIIDFzCCAf+gAwIBAgIUWSZH8ySKQWIVTtdZiJqIu5CVR48wDQYJKoZIhvcNAQELBQAwGjEYMBYGA1UEAwwPRXhhbXBsZSBz\
         aWduaW5nMCAXDTI2MTEyMDIxNTYzOFoYDzIxMjYxMDI3MjE1NjM4WjAaMRgwFgYDVQQDDA9FeGFtcGxlIHNpZ25pbmcwggEi\
         MA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCh+BYK4uPJtGXOjS1lYmM2K5J9vinh8CR3/BYlzJChNuOL2TSXxbbqY913\
         EeZ8dCn5VrD7io8ImtxLaYk8wTM/U+3QGbh3hCUv7JFP5IV3aVlL6kKA0ywPVb9ilE8TA5a8bpvfbr3SvaNnjuygxmj3AbON\
         v/s4yDQs4v5tJ/reSlpIdJed1LnPmt7Ex1sFhSwsD174pcF1A5L5ROjtZMEQxrZHYJqkeDrrnGya11UxMFBji4NmXG9veoKj\
         lnAqH2QbgtPr8jkiGUkftoaHLFcW9Qr4NY2ai50Xw0Byj3+H2JoY2PyrZ62EWQwuz3WTOTY8BwNNb2BvniHgVFbK5emhAgMB\
         AAGjUzBRMB0GA1UdDgQWBBQzGIiPp7+DkM3e011UielRYxna2TAfBgNVHSMEGDAWgBQzGIiPp7+DkM3e011UielRYxna2TAP\
         BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQCHs/fcBxLJ6QUQ6fWuaoG+ShU5S7Mc5ni9myPK+8JVFBgtFFp4\
         LRHGbkhIXa51vNs9fbUl1lKEMOEQaOmLD8JB33+1gRw4Ui63t4MNTuk/Gl7DvPSyR6kBkGpMi2DTUa5DY8WzDi4p0561IXDl\
         Nh8uC6LbMaV429fJVS1RHoofYvzRGCvJQH6PBy0YNfpxz1m6CSweUUJqF4NdZmt/ycG8i1AmmB09jpwDWM1iYvM5rrd1RPh5\
         CdK9dRmdpiu3BcYLhcjWMm/0L3BN1/YnzTJywokTLInjekuC7lR3Mn8YWAGOe0j+EPZtIMWKg67TnTpDXFVdnAzowkDJeJUj\
         8G5t";

/// A consistent RSA key of 1024 bits: PKCS#8 DER in standard base64.
pub(crate) const SMALL_PKCS8: &str = "MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBALk6iGsI4AwpyEDXEmyDncraTcXhszLZRdOsfh/NQGDuE8kh\
         YeW3p0tLklGylyI3tHeqfQ5CwIIwH6AmbGQaotPjb84dlbAPp5dGVM3NKDiSxqONzFLpW6Rn5C2fGpj5Z3PIW9FpfVTT7OiR\
         v8/2lYHBEm4YZlyrMgp23O8qwHK5AgMBAAECgYA2YlMvafmuWI4tS3hjV/l6V8JB+VSN93EjByA44iCm1QAGK8D8m4GI//VD\
         +3WYXFamU+5Hw52WG98NPHrSoWdw4v8ngEor8IWuBBFJBhSOLfTnnc3SiKERaENv845ZJzG66Ut7iHgtWLb61roOGh4NZnB8\
         cWUyZNLRjWTZV62+CQJBAOHd46CXXcCBpEUsdqCGUmtF+Z8HR1O0M7IHNHCt0SRESw5W9sgR9li6HCqoX1gPFmBL6Jd5nJAj\
         CO8EQa5+SA8CQQDR8LcdXfMD2fLEtmN51EPxO8e5iJzp+0h18DwrEXo/lgbCtvXFlYvByU1FeSKZ1wXcNrDnUacKTkahR1vs\
         ZhC3AkEApLa9FlLscsPYOP3o8L2kA0j/diLHuFoUzQKGEpofh9Qp7CYtR9AZl7D5c35gMYanKciRsU1liJOUI0I2Z/r9rwJA\
         StmuD9RdPnRIcAYvNVKO3sVXkji46VtkHFiIuzpCAcW1p1qgCdAlwfPJjwl/YqYdOsRtEiw0iCIcYIgWqBRDxQJBAN3jmVek\
         l62IlOgzOzvDkl1e9L5H4Fj10fsXIgn00PQmz3WvuGRYORD2LUXHPTCjcgUZczOKGmsX2zxHukX+g2g=";
