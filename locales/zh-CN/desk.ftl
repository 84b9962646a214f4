### to be filled
