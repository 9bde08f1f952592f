import 'tabmux/worker'
