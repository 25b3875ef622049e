"""The smallest Flask application that shows who asked."""
from flask import Flask, request

app = Flask(__name__)


@app.route('/')
def index():
    asked_by = request.headers.get('X-Real-IP', request.remote_addr)
    return f'<link rel="stylesheet" href="/static/site.css"><p>Hello, {asked_by}</p>\n'
