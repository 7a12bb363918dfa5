"""The shop's API: `create_app()` is what gunicorn serves."""

from flask import Flask, jsonify

from storefront import catalogue, orders, pictures
from storefront.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application with all of its routes."""
    app = Flask(__name__)
    app.config["SHOP"] = settings or Settings.from_environment()
    app.config["SECRET_KEY"] = app.config["SHOP"].session_key
    app.register_blueprint(catalogue.routes)
    app.register_blueprint(orders.routes)
    app.register_blueprint(pictures.routes)

    @app.get("/health")
    def health():
        return jsonify(status="ok")

    return app
