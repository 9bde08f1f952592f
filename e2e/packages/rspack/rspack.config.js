export default {
  mode: 'production',
  entry: './main.js',
  // The worker is a chunk. Its name has a hash, so that a new build has a new worker.
  output: { filename: 'main.js', chunkFilename: '[name].[contenthash].js', clean: true },
}
