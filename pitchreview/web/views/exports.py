"""Taking what was said along."""

from flask import Blueprint

bp = Blueprint("exports", __name__)
