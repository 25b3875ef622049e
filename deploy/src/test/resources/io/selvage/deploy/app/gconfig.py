bind = '127.0.0.1:5000'
workers = 2
worker_class = 'gevent'
accesslog = '-'
errorlog = '-'
