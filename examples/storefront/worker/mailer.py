"""Sends the order confirmations: one YAML job on standard input, one e-mail out."""

import configparser
import smtplib
import sys
from email.message import EmailMessage
from pathlib import Path

import yaml
from jinja2 import Environment

CONFIRMATION = Environment(autoescape=False).from_string(
    "Hello {{ customer }},\n\nthank you for your order {{ number }}. It leaves our house {{ when }}.\n"
)


def confirmation(job: dict[str, str], sender: str) -> EmailMessage:
    """Return the e-mail for one job."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = job["email"]
    message["Subject"] = f"Your order {job['number']}"
    message.set_content(CONFIRMATION.render(job))
    return message


def main() -> None:
    config = configparser.ConfigParser()
    config.read(Path(__file__).with_name("mailer.ini"))
    smtp = config["smtp"]
    job = yaml.safe_load(sys.stdin)
    with smtplib.SMTP_SSL(smtp["host"]) as server:
        server.login(smtp["user"], smtp.get("password") or Path(smtp["password_file"]).read_text().strip())
        server.send_message(confirmation(job, smtp["sender"]))


if __name__ == "__main__":
    main()
