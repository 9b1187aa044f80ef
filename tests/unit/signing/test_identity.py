"""Identities: made, locked, imported, listed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.signing import identity as identities
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.identity import Identity
from tests.helpers import signed_pdfs as made

PASSPHRASE = "清早 三只 白鹭"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with one identity, made by the program."""
    place = tmp_path_factory.mktemp("profile") / "identities"
    identities.create(
        place, unit="白圩乡人民政府", person="王玥", role="经办人", passphrase=PASSPHRASE, at=made.SIGNED_AT
    )
    return place


@pytest.fixture
def own(folder: Path) -> Certificate:
    (certificate,) = identities.identities(folder)
    return certificate


def p12(identity: Identity, passphrase: bytes = b"") -> bytes:
    """The identity as another program would export it."""
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    certificate = x509.load_der_x509_certificate(identity.certificate.der)
    issuers = [x509.load_der_x509_certificate(issuer.der) for issuer in identity.issuers]
    return pkcs12.serialize_key_and_certificates(b"name", identity.key, certificate, issuers, encryption)


def test_a_new_identity_is_rsa_3072_for_signing_and_sealing(folder: Path, own: Certificate) -> None:
    identity = identities.load(folder, own.fingerprint, PASSPHRASE)
    assert identity.key.key_size == 3072
    loaded = x509.load_der_x509_certificate(own.der)
    usage = loaded.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_encipherment) == (True, True, True)
    assert not usage.key_cert_sign
    assert isinstance(loaded.signature_hash_algorithm, hashes.SHA256)
    assert own.holds_at(made.SIGNED_AT - timedelta(minutes=30))


def test_the_key_lies_encrypted_under_the_fingerprint(folder: Path, own: Certificate) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [f"{own.fingerprint}.cer", f"{own.fingerprint}.p12"]
    data = (folder / f"{own.fingerprint}.p12").read_bytes()
    aes_256_cbc, pbes2 = bytes.fromhex("60864801650304012a"), bytes.fromhex("2a864886f70d01050d")
    assert aes_256_cbc in data
    assert pbes2 in data


def test_the_printed_identity_does_not_show_the_key(folder: Path, own: Certificate) -> None:
    assert "key=" not in repr(identities.load(folder, own.fingerprint, PASSPHRASE))


def test_a_fingerprint_typed_in_groups_loads_it(folder: Path, own: Certificate) -> None:
    assert identities.load(folder, own.fingerprint_groups, PASSPHRASE).certificate == own


def test_a_wrong_passphrase_is_one_chinese_sentence(folder: Path, own: Certificate) -> None:
    with pytest.raises(SurroundingsError) as refusal:
        identities.load(folder, own.fingerprint, "别的口令别的口令")
    assert refusal.value.code == "passphrase_wrong"
    assert "口令不对" in refusal.value.message


def test_an_identity_that_is_not_here_is_told(folder: Path) -> None:
    with pytest.raises(SurroundingsError) as refusal:
        identities.load(folder, "0" * 64, PASSPHRASE)
    assert refusal.value.code == "identity_missing"


def test_a_key_under_another_name_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / f"{'0' * 64}.p12").write_bytes(p12(made.person("王玥"), PASSPHRASE.encode()))
    with pytest.raises(SurroundingsError) as refusal:
        identities.load(tmp_path, "0" * 64, PASSPHRASE)
    assert refusal.value.code == "identity_unreadable"


@pytest.mark.parametrize(
    ("unit", "person", "passphrase", "code"),
    [
        ("白圩乡人民政府", "王玥", "短", "passphrase_short"),
        ("  ", "王玥", PASSPHRASE, "name_missing"),
        ("白圩乡人民政府", "", PASSPHRASE, "name_missing"),
        ("白" * 65, "王玥", PASSPHRASE, "name_long"),
    ],
)
def test_what_no_certificate_can_say_is_refused(
    tmp_path: Path, unit: str, person: str, passphrase: str, code: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        identities.create(tmp_path, unit=unit, person=person, role="", passphrase=passphrase, at=made.SIGNED_AT)
    assert refusal.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_identity_is_imported_with_its_issuers(tmp_path: Path) -> None:
    foreign = made.issued_by(made.authority(), "王玥")
    source = tmp_path / "given.p12"
    source.write_bytes(p12(foreign, PASSPHRASE.encode()))
    folder = tmp_path / "identities"
    imported = identities.import_p12(folder, source, passphrase=PASSPHRASE)
    again = identities.load(folder, imported.certificate.fingerprint, PASSPHRASE)
    assert again.certificate == foreign.certificate
    assert again.issuers == (made.authority().certificate,)
    assert identities.identities(folder) == (foreign.certificate,)


def test_an_elliptic_key_is_refused_because_packages_are_sealed_by_rsa(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = identities._subject("白圩乡人民政府", "王玥", "", sample=False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(made.SIGNED_AT)
        .not_valid_after(made.SIGNED_AT + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    source = tmp_path / "given.p12"
    source.write_bytes(pkcs12.serialize_key_and_certificates(None, key, certificate, None, NoEncryption()))
    with pytest.raises(RuleError) as refusal:
        identities.import_p12(tmp_path / "identities", source, passphrase="")
    assert refusal.value.code == "identity_key_unfit"
    assert not (tmp_path / "identities").exists()


def test_a_certificate_that_is_not_for_signing_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "given.p12"
    source.write_bytes(p12(made.authority()))
    with pytest.raises(RuleError) as refusal:
        identities.import_p12(tmp_path / "identities", source, passphrase="")
    assert refusal.value.code == "identity_key_unfit"


@pytest.mark.parametrize("data", [b"", b"text", b"\x30\x82\x00\x05\x00\x00"])
def test_what_is_no_identity_is_told(tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "given.p12"
    source.write_bytes(data)
    with pytest.raises(SurroundingsError) as refusal:
        identities.import_p12(tmp_path / "identities", source, passphrase=PASSPHRASE)
    assert refusal.value.code == "identity_unreadable"


def test_files_laid_into_the_folder_by_hand_are_no_identities(tmp_path: Path) -> None:
    certificate = made.person("王玥").certificate
    (tmp_path / "colleague.cer").write_text(certificate.pem)
    (tmp_path / f"{certificate.fingerprint}.cer").write_text(certificate.pem)
    assert identities.identities(tmp_path) == ()
    assert identities.identities(tmp_path / "nowhere") == ()


def test_the_exported_certificate_holds_no_key(tmp_path: Path) -> None:
    target = tmp_path / "王玥.cer"
    identities.export_certificate(made.person("王玥").certificate, target)
    assert target.read_text(encoding="ascii").count("-----BEGIN") == 1
    assert Certificate.from_bytes(target.read_bytes()) == made.person("王玥").certificate
